"""One run of RabbitMQ: writing its configuration, starting it until a login succeeds, and ending it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from messaging.broker.diagnostics.probe import Probe
from messaging.broker.node import configuration, files, ports, processes
from messaging.broker.node.files import Identity, NodeFolder
from messaging.errors import BrokerRefused, BrokerUnavailable, NodeFailed
from messaging.phrases import Words, phrase, with_log

BOOT_SECONDS = 120.0  # measured: 7 s on an idle machine
STOP_SECONDS = 30.0
PORT_TRIES = 3

OnProgress = Callable[[Words], None]


class Node:
    """Use it in the supervisor's loop and main thread: Linux ends a tied child with the thread that started it."""

    def __init__(self, folder: NodeFolder, server: Path) -> None:
        self._folder, self._server = folder, server
        self._process: asyncio.subprocess.Process | None = None
        self._ending: asyncio.subprocess.Process | None = None
        self._epmd: subprocess.Popen[bytes] | None = None
        folder.make()
        self.identity = files.read_as(Identity, folder.identity) or files.new_identity(ports.free_ports())

    async def boot(self, on_progress: OnProgress) -> None:
        """Return once a login succeeds; raises NodeFailed with the last lines of the node's log."""
        mark, epmd_port = self._folder.mark(self.identity), self.identity.ports.epmd
        await asyncio.to_thread(processes.end_leftovers, mark, epmd_port)
        for attempt in range(1, PORT_TRIES + 1):
            self.choose_ports(anew=attempt > 1)
            try:
                await self._start()
                await self._wait_for_login(on_progress)
                return
            except NodeFailed:
                await self.stop()
                is_port_taken = not ports.are_free(self.identity.ports)  # another process has them: the node has ended
                if not is_port_taken or attempt == PORT_TRIES:
                    raise

    async def ended(self) -> int:
        """Wait until the node has ended by itself; return its exit code, negative for a signal."""
        assert self._process is not None
        return await self._process.wait()

    async def stop(self) -> None:
        await self.end_process()
        self._process = None
        await asyncio.to_thread(self._end_epmd)

    @property
    def is_ending(self) -> bool:
        """Whether the process was asked to end; it may accept logins for another moment."""
        return self._process is not None and self._process is self._ending

    async def end_process(self) -> None:
        """End the process, by force after STOP_SECONDS. The supervisor, which waits for its end, starts it again."""
        process = self._ending = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_SECONDS)
            except TimeoutError:
                self._kill(process)
                await process.wait()

    def choose_ports(self, *, anew: bool = False) -> None:
        """Keep the ports of the last run where they are free, else find new ones; then write the node's
        configuration."""
        if anew or not ports.are_free(self.identity.ports):
            self.identity = msgspec.structs.replace(self.identity, ports=ports.free_ports())
        files.write_private(self._folder.identity, msgspec.json.encode(self.identity))
        series, cluster = files.series_of(self._server), files.name_of(self._folder.data(self._server))
        configuration.write_configuration(self._folder, self.identity, series, cluster)

    async def _start(self) -> None:
        environ = configuration.environment(self._folder, self.identity, self._folder.data(self._server), os.environ)
        self._epmd = processes.start_epmd(self.identity, environ)
        with self._folder.console.open("wb") as console:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    str(self._server),
                    env=environ,
                    cwd=self._folder.root,
                    stdin=subprocess.DEVNULL,
                    stdout=console,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=processes.tie_to_parent(),
                )
            except OSError as error:
                raise NodeFailed(
                    phrase("boot.cannot_be_started", server=self._server, strerror=error.strerror)
                ) from error

    async def _wait_for_login(self, on_progress: OnProgress) -> None:
        assert self._process is not None
        started = time.monotonic()
        while self._process.returncode is None:
            seconds = time.monotonic() - started
            on_progress(phrase("boot.rabbitmq_is_starting_s_usually_8", seconds=seconds))
            if seconds > BOOT_SECONDS:
                raise NodeFailed(self._why(phrase("boot.was_not_ready_after_s", boot_seconds=BOOT_SECONDS)))
            if await asyncio.to_thread(self._can_log_in):
                return
            await asyncio.sleep(0.2)
        raise NodeFailed(self._why(phrase("boot.could_not_start")))

    def _can_log_in(self) -> bool:
        """Try a login: RabbitMQ listens before it can serve, so that an open port is not enough."""
        if ports.is_free(self.identity.ports.amqp):
            return False
        try:
            Probe(self.identity.url, "order-desk-start").close()
        except (BrokerUnavailable, BrokerRefused):
            return False
        return True

    def _why(self, what: Words) -> Words:
        first = phrase("boot.the_private_rabbitmq_the_end_of", what=what, console=self._folder.console)
        return with_log(first, files.last_lines(self._folder.console) or [phrase("boot.its_log_is_empty")])

    def _kill(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            if os.name == "nt":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)

    def _end_epmd(self) -> None:
        processes.end_epmd(self.identity.ports.epmd)
        if self._epmd is not None:
            self._epmd.terminate()
            self._epmd.wait()
            self._epmd = None
