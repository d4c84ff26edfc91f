"""A TCP proxy between the desks and RabbitMQ that can do to a line what networks do."""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 seconds: closing sends RST and drops what waits
CHUNK = 16_384


class Line:
    """One connection through the proxy; `to_server` counts bytes that have passed."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client, self.server = client, server
        self.to_server = self.to_client = 0

    def cut(self) -> None:
        for writer in (self.client, self.server):
            raw: socket.socket = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()


class Proxy:
    """Forwards to the broker of `url`; its own URL is `self.url`. All switches may be turned from any thread."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: as what it shows itself to whoever connects, which then is by amqps."""
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5672)
        self._loop = asyncio.new_event_loop()
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._to_server, self._to_client = asyncio.Event(), asyncio.Event()
        self._to_server.set()
        self._to_client.set()
        self.latency = 0.0  # seconds for each piece, each way
        self._cut_after: int | None = None
        self._server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls))
        port = self._server.sockets[0].getsockname()[1]
        host, scheme = ("localhost", "amqps") if tls else ("127.0.0.1", "amqp")
        self.url = f"{scheme}://{parts.username}:{parts.password}@{host}:{port}{parts.path}"
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._thread.start()

    def cut(self) -> int:
        """Reset every line, in the middle of whatever it carries; says how many there were."""
        return int(self._do(self._cut))

    def cut_after(self, more_bytes: int) -> None:
        """Reset a line as soon as so many more bytes went to the server: in the middle of a frame."""
        self._do(lambda: setattr(self, "_cut_after", more_bytes))

    def hold(self, *, to_server: bool = False, to_client: bool = False) -> None:
        """Forward nothing in these directions; the lines stay open (half-open peer, lost confirms)."""
        for held, gate in ((to_server, self._to_server), (to_client, self._to_client)):
            self._do(gate.clear if held else gate.set)

    def release(self) -> None:
        self.hold()

    @property
    def lines(self) -> int:
        return int(self._do(lambda: len(self._lines)))

    def close(self) -> None:
        """Take no more lines and cut those there are; a second time does nothing."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, work: Callable[[], Any]) -> Any:
        async def run() -> Any:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def _cut(self) -> int:
        lines, self._lines = self._lines, set()
        for line in lines:
            line.cut()
        return len(lines)

    async def _end(self) -> None:
        self._server.close()
        self._cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            server_reader, server = await asyncio.open_connection(*self._target)
        except OSError:
            client.transport.abort()
            return
        line = Line(client, server)
        self._lines.add(line)
        for pump in (
            self._pump(line, client_reader, server, self._to_server, counts=True),
            self._pump(line, server_reader, client, self._to_client, counts=False),
        ):
            self._start(pump)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pump(
        self,
        line: Line,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        gate: asyncio.Event,
        *,
        counts: bool,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.latency:
                    await asyncio.sleep(self.latency)
                await gate.wait()
                if counts and self._is_to_be_cut(len(data)):
                    writer.write(data[: len(data) // 2])
                    self._lines.discard(line)
                    line.cut()
                    return
                writer.write(data)
                await writer.drain()
        self._lines.discard(line)
        line.client.close()
        line.server.close()

    def _is_to_be_cut(self, size: int) -> bool:
        if self._cut_after is None:
            return False
        self._cut_after -= size
        if self._cut_after > 0:
            return False
        self._cut_after = None
        return True


@contextmanager
def proxy_to(url: str, tls: ssl.SSLContext | None = None) -> Iterator[Proxy]:
    proxy = Proxy(url, tls)
    try:
        yield proxy
    finally:
        proxy.close()
