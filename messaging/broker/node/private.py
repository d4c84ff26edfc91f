"""Membership in the private node: waiting for it, and its address."""

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from messaging.bootstrap.checkout import typed
from messaging.bootstrap.rabbitmq_server import VARIABLE, find_rabbitmq_server
from messaging.broker.node import files, member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.protocol import NodeReport, NodeRequest, NodeStage, read_report
from messaging.errors import NodeFailed, UsageError
from messaging.phrases import Words, phrase, with_log
from messaging.ports import Address
from messaging.runtime.paths import DataDir
from messaging.runtime.settings import Settings

LOG = logging.getLogger(__name__)

GRACE = (
    15.0  # seconds that the node outlives its last user: so that closing a window and opening another costs no start
)
GRACE_VARIABLE = "ORDER_DESK_NODE_GRACE"
STARTS = 3  # supervisors that may end at once before NodeFailed is reported
START_SECONDS = 20.0  # that a supervisor may take until it serves
RETRY = 10.0  # seconds between tries after that
AFTER_LOSS = 0.3  # seconds until a lost supervisor is searched again, so that one that fails at once costs little

NOT_INSTALLED = phrase("private.rabbitmq_is_not_installed_install_rabbitmq")
START = f"{typed('messaging')} broker start"
STOPPED = phrase("private.the_private_rabbitmq_was_stopped_by", start=START)


class PrivateNode:
    """Membership in the private RabbitMQ of a data directory, held by a thread of its own.

    The first member starts it; it stays while there is a member. Where it was stopped by command,
    members wait until somebody starts it again.
    """

    def __init__(self, folder: DataDir, settings: Settings, *, grace: float | None = None, keep: bool = False) -> None:
        self._folder, self._settings = NodeFolder(folder.broker), settings
        self._grace = _grace_from(os.environ) if grace is None else grace
        self._ask = NodeRequest.KEEP if keep else NodeRequest.JOIN
        self._changed = threading.Condition()
        self._report = NodeReport(NodeStage.STARTING, phrase("private.rabbitmq_is_starting"))
        self._closing = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="private-node-member", daemon=True)

    def __enter__(self) -> "PrivateNode":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the thread, and return at once."""
        self._thread.start()

    def address(self) -> Address:
        report = self._report
        if report.stage is NodeStage.READY:
            return Address((report.url,), report.words)
        return Address((), report.words, failed=report.stage is NodeStage.FAILED)

    def management_url(self) -> str:
        """With user and password; empty while the node is not ready."""
        return self._report.management_url

    def left_data(self) -> list[Path]:
        """Folders with the data of other series of RabbitMQ; raises NodeFailed where no server is found."""
        return self._folder.left_data(self._server())

    def wait_ready(self, timeout: float) -> str:
        """The AMQP URL; raises NodeFailed with the reason, also where `timeout` seconds were not enough."""
        with self._changed:
            self._changed.wait_for(lambda: self._report.stage in (NodeStage.READY, NodeStage.FAILED), timeout)
            report = self._report
        if report.stage is NodeStage.READY:
            return report.url
        if report.stage is NodeStage.FAILED:
            raise NodeFailed(report.words)
        raise NodeFailed(phrase("private.the_private_rabbitmq_was_not_ready", timeout=timeout, words=report.words))

    def restart(self) -> str:
        """End the node and start it again, also while others use it; what is on its disk stays. Return the AMQP URL;
        raises NodeFailed with the reason."""
        asked = member.connect(self._folder, NodeRequest.RESTART)
        if asked is None:
            raise NodeFailed(phrase("private.the_private_rabbitmq_is_not_running"))
        with contextlib.closing(asked):
            for text in asked.lines:
                report = read_report(text)
                if report.stage is NodeStage.READY:
                    return report.url
                if report.stage in (NodeStage.FAILED, NodeStage.STOPPING):
                    raise NodeFailed(report.words)
        raise NodeFailed(self._keeper_failed())

    def close(self) -> None:
        """End the membership; from any thread, also more than once."""
        self._closing.set()
        with self._changed:
            if self._socket is not None:
                with contextlib.suppress(OSError):  # the supervisor has closed it already
                    self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                joined = self._join()
            except NodeFailed as error:
                self._set_report(NodeReport(NodeStage.FAILED, error.words))
                self._closing.wait(RETRY)
                continue
            while joined is not None:
                joined = self._wait_for_start() if self._serve(joined) else None
            self._closing.wait(AFTER_LOSS)

    def _join(self) -> member.SupervisorConnection | None:
        """None when closing; raises NodeFailed where no supervisor can be started."""
        starts, until = 0, time.monotonic() + START_SECONDS
        while not self._closing.is_set():
            joined = member.connect(self._folder, self._ask)
            if joined is not None:
                return joined
            if member.is_supervised(self._folder):  # it is starting or stopping
                until = time.monotonic() + START_SECONDS
            elif starts == STARTS or time.monotonic() > until:
                raise NodeFailed(self._keeper_failed())
            else:
                member.start_supervisor(self._folder, self._server(), self._grace)
                starts += 1
            self._closing.wait(0.2)
        return None

    def _serve(self, joined: member.SupervisorConnection) -> bool:
        """Receive the supervisor's reports until the connection ends; True where the node was stopped by command."""
        with self._changed:
            self._socket = joined.socket
        try:
            if self._closing.is_set():  # close() has not seen this socket
                return False
            self._set_report(joined.first)
            for text in joined.lines:
                self._set_report(read_report(text))
        except OSError:
            LOG.info("The keeper of the private RabbitMQ is gone")
        finally:
            with self._changed:
                self._socket = None
            joined.close()
        by_command = self._report.by_command
        if not by_command:
            self._set_report(NodeReport(NodeStage.STARTING, phrase("private.rabbitmq_is_starting_again")))
        return by_command

    def _wait_for_start(self) -> member.SupervisorConnection | None:
        """Stopped by command: wait until somebody starts it again."""
        self._set_report(NodeReport(NodeStage.FAILED, STOPPED))
        joined = None
        while joined is None and not self._closing.wait(0.5):
            joined = member.connect(self._folder, self._ask)
        return joined

    def _server(self) -> Path:
        given = self._settings.rabbitmq_server
        environ = {**os.environ, VARIABLE: given} if given else os.environ
        server = find_rabbitmq_server(environ)
        if server is not None:
            return server
        raise NodeFailed(phrase("private.there_is_no_rabbitmq_server_at", given=given) if given else NOT_INSTALLED)

    def _keeper_failed(self) -> Words:
        log = files.last_lines(self._folder.supervisor_log, 6)
        first = phrase("private.the_keeper_of_the_private_rabbitmq", supervisor_log=self._folder.supervisor_log)
        return with_log(first, log)

    def _set_report(self, report: NodeReport) -> None:
        with self._changed:
            self._report = report
            self._changed.notify_all()


def _grace_from(environ: Mapping[str, str]) -> float:
    given = environ.get(GRACE_VARIABLE, "")
    try:
        return float(given) if given else GRACE
    except ValueError:
        raise UsageError(
            phrase("private.is_not_a_number_of_seconds", grace_variable=GRACE_VARIABLE, given=given)
        ) from None
