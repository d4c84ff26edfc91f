"""`metrics`: counts and times of the running processes, and numbers from the stores and RabbitMQ."""

import argparse
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from messaging.commands.support import serving
from messaging.commands.support.books import print_table
from messaging.commands.support.gathering import gather
from messaging.commands.support.numbers import port
from messaging.commands.support.terminal import print_error, print_json, print_line
from messaging.errors import OrderDeskError, UsageError
from messaging.phrases import phrase
from messaging.runtime.settings import Settings, add_arguments
from messaging.telemetry.metrics import HELP, TIMED
from messaging.telemetry.system_overview import Overview, prometheus

HOST = "127.0.0.1"
FORMAT = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE = 5.0  # seconds for a reader's request


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("metrics", help="counters and times of what runs with this data directory")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true")
    how.add_argument("--prometheus", type=port, metavar="PORT", help=f"serve them at http://{HOST}:PORT/metrics")
    add_arguments(parser, "broker", "database", "data_dir", "log_level")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.prometheus is not None:
        _serve(args.prometheus, lambda: prometheus(gather(settings)))
        return 0
    overview = gather(settings)
    if args.json:
        print_json(_as_json(overview))
    else:
        _print(overview)
    for problem in overview.problems:
        print_error(problem)
    return 0


def _print(overview: Overview) -> None:
    who = ", ".join(f"{one.role} {one.pid}" for one in overview.processes)
    print_line(f"Running: {who}" if who else "No process of Order Desk runs with this data directory.")
    print_line()
    total = overview.total
    if overview.processes:
        print_table(
            ("counted", "", ""), [(count, f"{total.counts[count]:,}", HELP[count]) for count in HELP], right=(1,)
        )
        print_line()
        times = [(timing, total.times[timing]) for timing in TIMED]
        rows = [
            (timing, f"{t.count:,}", *(_ms(t.percentile(p)) for p in (50, 95, 99)), _ms(t.longest))
            for timing, t in times
        ]
        print_table(("took (ms)", "number", "p50", "p95", "p99", "longest"), rows, right=(1, 2, 3, 4, 5))
        print_line()
    facts = [(f"{name} {which}".strip(), f"{number:,}") for name, which, number in overview.facts()]
    print_table(("now", ""), [("unconfirmed", f"{total.unconfirmed:,}"), *facts], right=(1,))


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}"


def _as_json(overview: Overview) -> dict[str, object]:
    total = overview.total
    return {
        "processes": [{"role": one.role, "pid": one.pid, "since": one.since} for one in overview.processes],
        "counts": total.counts,
        "milliseconds": {
            timing: {
                "count": t.count,
                **{f"p{p}": round(t.percentile(p) * 1000, 3) for p in (50, 95, 99)},
                "longest": round(t.longest * 1000, 3),
            }
            for timing, t in total.times.items()
        },
        "unconfirmed": total.unconfirmed,
        "waiting": overview.waiting,
        "orders": overview.orders,
        "unpublished": overview.unpublished,
        "set_aside": overview.set_aside,
        "queues": overview.queues,
        "problems": overview.problems,
    }


class _Page(BaseHTTPRequestHandler):
    timeout = PATIENCE

    def __init__(self, text: Callable[[], str], *args: object) -> None:
        self._text = text
        super().__init__(*args)  # type: ignore[arg-type]  # the server's own three

    def do_GET(self) -> None:  # the name that http.server calls
        if urlsplit(self.path).path != "/metrics":
            self.send_error(404)
            return
        try:
            self._answer(200, self._text())
        except OrderDeskError as error:
            self._answer(503, f"{error}\n")

    def log_message(self, format: str, *args: object) -> None:
        """Log no requests."""

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", FORMAT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _serve(port: int, text: Callable[[], str]) -> None:
    """Serve on the loopback address until Ctrl-C or SIGTERM. Raises UsageError where the port is taken."""
    try:
        server = HTTPServer((HOST, port), partial(_Page, text))
    except OSError as error:
        raise UsageError(
            phrase("metrics.port_cannot_be_opened_name_another", port=port, strerror=error.strerror)
        ) from error
    thread = threading.Thread(target=server.serve_forever, name="prometheus")
    thread.start()
    try:
        print_line(f"http://{HOST}:{server.server_port}/metrics", flush=True)
        serving.until_told_to_stop(threading.Event())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
