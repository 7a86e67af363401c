"""The HTTP side of our misbehaving endpoint: requests in, replies out piece by piece, and who left before the end."""

import asyncio
from abc import ABC, abstractmethod

from tests.endpoint_replies import Reply, SeenRequest


class Exchange(ABC):
    """Decides what a request gets."""

    @abstractmethod
    def connected(self) -> None:
        """A client opened a connection."""

    @abstractmethod
    def note(self, path: str, headers: dict[str, str], raw: bytes) -> tuple[SeenRequest, Reply]:
        """The request as it is recorded, and its reply."""

    @abstractmethod
    def left(self, request: SeenRequest) -> None:
        """The client of this request is gone before the reply was complete."""


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as far as our client speaks it: a head, a Content-Length, a body."""

    def __init__(self, exchange: Exchange, latency: float, pause: float) -> None:
        self.exchange = exchange
        self.latency = latency
        self.pause = pause
        self.received = b""
        self.request: SeenRequest | None = None
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.exchange.connected()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, rest = self.received.partition(b"\r\n\r\n")
        if self.request or not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self.received = rest[length:]
        self.request, reply = self.exchange.note(first.split()[1], headers, rest[:length])
        self.task = asyncio.get_running_loop().create_task(self._send(reply))

    def connection_lost(self, _error: Exception | None) -> None:
        if self.task and self.request:
            self.exchange.left(self.request)
            self.task.cancel()

    async def _send(self, reply: Reply) -> None:
        if latency := self.latency if reply.latency is None else reply.latency:
            await asyncio.sleep(latency)
        sent = [_head(reply)] if reply.has_head else []
        for part in reply.parts:
            sent.append(b"%x\r\n%b\r\n" % (len(part), part))
            if self.pause:
                self.transport.write(b"".join(sent))
                sent.clear()
                await asyncio.sleep(self.pause)
        if reply.ending == "complete":
            sent.append(b"0\r\n\r\n")
        self.transport.write(b"".join(sent))
        if reply.ending == "hang":
            await asyncio.Event().wait()
        self.request = self.task = None
        if reply.ending == "cut":
            self.transport.close()
        elif self.received:
            self.data_received(b"")


def _head(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} Fake", f"Content-Type: {reply.content_type}", "Transfer-Encoding: chunked"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
