"""A target that does as little as a target can: it accepts everything and remembers only how often.

`python -m benchmarks.sink [READS WRITES]` prints its port and serves until its standard input ends. A fast HTTP/1.1
responder, so that what is measured is the client. With limits, requests a minute, it refuses with 429 whoever exceeds
them in any one second (a sixtieth of the limit).
"""

import asyncio
import collections
import itertools
import sys
import time
from typing import ClassVar

import uvloop

EMPTY_LIST = (
    b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}'
)


class Sink(asyncio.Protocol):
    """One connection."""

    ids = itertools.count(1)
    counts: ClassVar[dict[str, int]] = {}
    limits: ClassVar[dict[bool, int]] = {}  # reads? -> requests a second
    recent: ClassVar[dict[bool, collections.deque[float]]] = {
        True: collections.deque(),
        False: collections.deque(),
    }

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end]
            length = 0
            at = head.lower().find(b"content-length:")
            if at >= 0:
                length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.answer(head)

    def answer(self, head):
        method, path = head.split(b" ", 2)[:2]
        if not path.startswith(b"/counts"):
            key = method.decode()
            self.counts[key] = self.counts.get(key, 0) + 1
        if self.limits and not path.startswith(b"/counts") and self.exceeds(method == b"GET"):
            self.counts["429"] = self.counts.get("429", 0) + 1
            self.send(b"429 Too Many Requests", b"")
        elif path.startswith(b"/counts"):
            text = ",".join(f'"{name}":{count}' for name, count in self.counts.items())
            self.send(b"200 OK", b"{%s}" % text.encode())
        elif method == b"POST":
            self.send(b"201 Created", b'{"id":"%d"}' % next(self.ids))
        elif method == b"GET":
            self.send(b"200 OK", EMPTY_LIST)
        else:
            self.send(b"204 No Content", b"")

    def exceeds(self, reads):
        now, recent = time.monotonic(), self.recent[reads]
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= self.limits[reads]:
            return True
        recent.append(now)
        return False

    def send(self, status, body):
        self.transport.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/scim+json\r\nContent-Length: %d\r\n\r\n%s"
            % (status, len(body), body)
        )


async def main():
    if sys.argv[1:]:
        Sink.limits = {True: int(sys.argv[1]) // 60, False: int(sys.argv[2]) // 60}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    uvloop.run(main())
