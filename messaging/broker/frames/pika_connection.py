"""A faster SelectConnection that lets programming errors propagate. It uses private hooks of pika 1.4."""

import struct
from functools import partial
from typing import Any

from pika import exceptions, frame, spec
from pika.adapters.select_connection import SelectConnection

from messaging.broker.frames.assembler import keep_bodies
from messaging.broker.frames.content import read_content
from messaging.contract.codec import MAX_BYTES

RECEIVE = 65_536  # bytes asked of the socket at once: pika asks for 4,096, which are three orders
BEFORE_SIZE, BEFORE_PAYLOAD = 3, 7  # bytes of a frame
AROUND_PAYLOAD = 8
BEFORE_PROPERTIES = BEFORE_PAYLOAD + 12  # of a content header: class, weight, size of the body


class PikaConnection(SelectConnection):
    """Writes once for each turn of the loop, where pika makes three system calls for each message, and parses all
    frames in one pass, where pika copies the rest of the buffer for each.

    An exception in a callback leaves the loop, as any bug does: pika would treat it as a lost connection.
    """

    _transport: Any  # pika's
    _frame_buffer: bytes
    bytes_received: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._pieces: list[bytes] = []
        super().__init__(*arguments, **options)

    def _proto_connection_made(self, transport: Any) -> None:
        transport._MAX_RECV_BYTES = RECEIVE
        super()._proto_connection_made(transport)  # type: ignore[misc]  # pika's hook for transports

    def _on_data_available(self, data: bytes) -> None:
        try:
            self._parse_frames(self._frame_buffer + data)
        except exceptions.AMQPError:
            raise  # RabbitMQ's answer breaks AMQP
        except Exception as bug:
            self.ioloop.add_callback(partial(_raise, bug))
            raise

    def _parse_frames(self, data: bytes) -> None:
        self._frame_buffer = b""
        at, end = 0, len(data)
        if data.startswith(b"AMQP"):  # the server speaks another version
            super()._on_data_available(data)  # type: ignore[misc]
            return
        while at + BEFORE_PAYLOAD <= end:
            size = AROUND_PAYLOAD + int.from_bytes(data[at + BEFORE_SIZE : at + BEFORE_PAYLOAD], "big")
            if at + size > end:
                break
            value = _decoded(data[at : at + size])
            at += size
            self.bytes_received += size  # pika's heartbeat checker reads it
            self._process_frame(value)  # type: ignore[attr-defined]
        self._frame_buffer = data[at:]

    def _process_callbacks(self, value: frame.Frame) -> bool:
        """Hand deliveries to their channel at once: pika would first search its one-shot callbacks for each."""
        if isinstance(value, frame.Method) and isinstance(value.method, spec.Basic.Deliver):
            return False
        return bool(super()._process_callbacks(value))  # type: ignore[misc]

    def _create_channel(self, *arguments: Any) -> Any:
        channel = super()._create_channel(*arguments)  # type: ignore[misc]
        keep_bodies(channel, MAX_BYTES)
        return channel

    def _adapter_emit_data(self, data: bytes) -> None:
        if not self._pieces:
            self.ioloop.add_callback(self._flush)
        self._pieces.append(data)

    def _flush(self) -> None:
        data, self._pieces = b"".join(self._pieces), []
        if self._transport is not None:  # the connection was cut meanwhile
            super()._adapter_emit_data(data)  # type: ignore[misc]  # pika's hook for adapters

    def _on_connection_workflow_done(self, outcome: Any) -> None:
        """pika 1.4 passes the class instead of an error where the connection closed during the handshake, and fails."""
        super()._on_connection_workflow_done(outcome() if isinstance(outcome, type) else outcome)  # type: ignore[misc]


def cut(connection: SelectConnection) -> None:
    """End a connection that does not answer; its close callback comes in one of the loop's next turns."""
    error = exceptions.StreamLostError("RabbitMQ did not answer connection.close")
    connection._terminate_stream(error)  # type: ignore[attr-defined]  # pika has no public way


def _decoded(data: bytes) -> Any:
    """Decode one frame. A content header never fails, because it holds what the sender of a message chose. Raises
    InvalidFrameError for any other frame that cannot be decoded: the server is at fault, or is no RabbitMQ."""
    try:
        if data[0] == spec.FRAME_HEADER:
            channel, (_class, _weight, size) = data[1] << 8 | data[2], struct.unpack_from(">HHQ", data, BEFORE_PAYLOAD)
            return frame.Header(channel, size, read_content(data[BEFORE_PROPERTIES:-1]))
        return frame.decode_frame(data)[1]
    except exceptions.AMQPError:
        raise
    except Exception as error:
        raise exceptions.InvalidFrameError(f"a frame cannot be read: {type(error).__name__}") from error


def _raise(bug: Exception) -> None:
    raise bug
