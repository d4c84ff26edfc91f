"""The process that owns the private node: starts it, restarts it, and ends it after its last member has left.

`member.py` starts it, detached, for the first process that needs the node.
"""

import argparse
import asyncio
import contextlib
import hmac
import logging
import os
import secrets
import signal
import sys
from pathlib import Path

import filelock
import msgspec

from messaging.broker.node import files
from messaging.broker.node.boot import Node
from messaging.broker.node.files import Control, NodeFolder
from messaging.broker.node.protocol import Hello, NodeReport, NodeRequest, NodeStage, line
from messaging.errors import NodeFailed
from messaging.phrases import Words, phrase

LOG = logging.getLogger(__name__)

FIRST_GRACE = 10.0  # seconds in which the process that started this must join
RETRY_FAILED = 60.0  # seconds until a node that could not start is tried again, while it has members
STEADY = 10.0  # seconds after which an end is no longer counted as one of a row
LONGEST_PAUSE = 30.0  # seconds between restarts of a node that ends by itself again and again


class Supervisor:
    """`grace`: seconds that the node stays after its last member has left."""

    def __init__(self, folder: NodeFolder, node: Node, grace: float) -> None:
        self._folder, self._node, self._grace = folder, node, grace
        self._token = secrets.token_urlsafe(24)
        self._members: set[asyncio.StreamWriter] = set()
        self._others: set[asyncio.StreamWriter] = set()
        self._keep = False
        self._by_command = False
        self._is_restarted = False  # its end was asked for: start it again at once
        self._enough = asyncio.Event()
        self._try_again = asyncio.Event()
        self._leaving: asyncio.TimerHandle | None = None
        self._report = NodeReport(NodeStage.STARTING, phrase("private.rabbitmq_is_starting"))

    def stop(self) -> None:
        """End the node, after which `run` returns; in the loop's thread."""
        self._enough.set()

    async def run(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        control = Control(server.sockets[0].getsockname()[1], self._token, os.getpid())
        files.write_private(self._folder.control, msgspec.json.encode(control))
        self._wait_for_members(max(FIRST_GRACE, self._grace))
        running = asyncio.create_task(self._keep_running())
        enough = asyncio.create_task(self._enough.wait())
        await asyncio.wait((running, enough), return_when=asyncio.FIRST_COMPLETED)
        self._folder.control.unlink(missing_ok=True)  # new members wait for the lock from here on
        server.close()
        await self._end(running)
        enough.cancel()

    async def _keep_running(self) -> None:
        pause = 0.0
        while True:
            self._is_restarted = False
            try:
                await self._node.boot(lambda words: self._send(NodeReport(NodeStage.STARTING, words)))
                code, lasted = await self._serve_node()
            except NodeFailed as error:
                if not self._is_restarted:
                    await self._pause_after_failure(error.words)
                continue
            if self._is_restarted:
                continue
            pause = 0.5 if lasted > STEADY else min(pause * 2 + 0.5, LONGEST_PAUSE)
            self._send(
                NodeReport(
                    NodeStage.STARTING,
                    phrase("supervisor.rabbitmq_ended_by_itself_starting_again", code=code, pause=pause),
                )
            )
            await asyncio.sleep(pause)

    async def _serve_node(self) -> tuple[int, float]:
        """Wait until the node has ended; return its exit code, and how many seconds it served."""
        started = asyncio.get_running_loop().time()
        if not self._node.is_ending:  # whoever asked for its end waits for the next run
            self._send_ready()
        code = await self._node.ended()
        await self._node.stop()
        return code, asyncio.get_running_loop().time() - started

    async def _pause_after_failure(self, why: Words) -> None:
        self._send(NodeReport(NodeStage.FAILED, why))
        self._try_again.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._try_again.wait(), RETRY_FAILED)
        self._send(NodeReport(NodeStage.STARTING, phrase("private.rabbitmq_is_starting_again")))

    async def _end(self, running: asyncio.Task[None]) -> None:
        words = (
            phrase("supervisor.rabbitmq_is_stopped_by_command")
            if self._by_command
            else phrase("supervisor.rabbitmq_is_stopping")
        )
        self._send(NodeReport(NodeStage.STOPPING, words, by_command=self._by_command))
        running.cancel()
        (bug,) = await asyncio.gather(running, return_exceptions=True)
        await self._node.stop()
        for writer in self._members | self._others:
            writer.close()
        if isinstance(bug, Exception):
            raise bug

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hello = msgspec.json.decode(await asyncio.wait_for(reader.readline(), 5), type=Hello)
            if hmac.compare_digest(hello.token, self._token):
                await self._answer(hello.ask, reader, writer)
        except (msgspec.DecodeError, OSError, TimeoutError, ValueError) as error:
            LOG.info("A connection ended: %r", error)
        finally:
            writer.close()

    async def _answer(self, ask: NodeRequest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if ask is NodeRequest.LOOK:
            writer.write(line(msgspec.structs.replace(self._report, members=len(self._members))))
            await writer.drain()
        elif ask is NodeRequest.RESTART:
            self._others.add(writer)
            self._is_restarted = True
            self._send(NodeReport(NodeStage.STARTING, phrase("supervisor.rabbitmq_is_restarted_by_command")))
            self._try_again.set()
            await self._node.end_process()
            await reader.read()
            self._others.discard(writer)
        elif ask is NodeRequest.STOP:
            self._by_command = True
            self._others.add(writer)
            self._enough.set()
            await reader.read()
        else:
            self._keep = self._keep or ask is NodeRequest.KEEP
            await self._be_member(reader, writer)

    async def _be_member(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._members.add(writer)
        self._wait_for_members(None)
        self._try_again.set()  # a new member of a node that could not start: try again at once
        writer.write(line(self._report))
        try:
            while await reader.read(1000):  # a member sends nothing more; the end of the stream is its end
                pass
        finally:
            self._members.discard(writer)
            if not self._members and not self._keep:
                self._wait_for_members(self._grace)

    def _wait_for_members(self, seconds: float | None) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
        self._leaving = None
        if seconds is not None:
            self._leaving = asyncio.get_running_loop().call_later(seconds, self._enough.set)

    def _send_ready(self) -> None:
        identity = self._node.identity
        words = phrase("supervisor.rabbitmq_is_ready_at_127_0", amqp=identity.ports.amqp)
        self._send(NodeReport(NodeStage.READY, words, identity.url, identity.management_url))

    def _send(self, report: NodeReport) -> None:
        if report == self._report:
            return
        if report.stage is not self._report.stage:
            LOG.info("%s: %s", report.stage.value, report.words)
        self._report = report
        for writer in self._members | self._others:
            writer.write(line(report))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Keeps the private RabbitMQ of one data directory.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--grace", type=float, required=True)
    options = parser.parse_args(arguments)
    folder = NodeFolder(options.folder)
    folder.make()
    _detach(folder.supervisor_log)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("pika").setLevel(logging.CRITICAL)  # it logs every try before the node is up as an error
    lock = filelock.FileLock(folder.lock)
    try:
        lock.acquire(timeout=3)
    except filelock.Timeout:
        return  # another supervisor has the node
    with lock:
        asyncio.run(_supervise(folder, options.server, options.grace))
    lock.release()


async def _supervise(folder: NodeFolder, server: Path, grace: float) -> None:
    supervisor = Supervisor(folder, Node(folder, server), grace)
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, supervisor.stop)
    await supervisor.run()


def _detach(log: Path) -> None:
    """Detach from the process that started this one: it shall neither wait for it nor end it.

    On Windows, without fork, `member.py` creates the process detached (not tried there yet).
    """
    if hasattr(os, "fork") and os.fork():
        os._exit(0)
    if hasattr(os, "setsid"):
        os.setsid()
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(target, stream)
    os.close(target)


if __name__ == "__main__":
    main()
