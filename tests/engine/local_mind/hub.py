"""A small hub of model files, over real HTTP."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from components.engine.local_mind.models import ListedModel

CONTENT = b'GGUF' + bytes(range(256)) * 16_384  # 4 MB


@dataclass
class Hub:
    """Serves `content` at `url`, with ranges unless told otherwise.

    Attributes:
        break_at: Bytes of the file after which the connection breaks; None for never.
        hold_at: Bytes of the file after which nothing more arrives; None for never.
        requests: The headers of all requests, with lower-case names.
    """

    content: bytes = CONTENT
    etag: str = '"first"'
    ranges: bool = True
    status: int = 0
    break_at: int | None = None
    hold_at: int | None = None
    url: str = ''
    requests: list[dict[str, str]] = field(default_factory=list)

    def model(self, *, sha256: str | None = None) -> ListedModel:
        hash = hashlib.sha256(self.content).hexdigest() if sha256 is None else sha256
        size = len(self.content)
        return ListedModel('small', 'Small', 'Nobody', 'MIT', ('en',), size, 10, 'nobody/small', self.url, hash)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b'\r\n\r\n')).decode().split('\r\n')
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(':') for line in head[1:])}
        self.requests.append(headers)
        begin = int(headers['range'].removeprefix('bytes=').rstrip('-')) if 'range' in headers else 0
        if not self.ranges or headers.get('if-range', self.etag) != self.etag:
            begin = 0
        status = self.status or (206 if begin else 200)
        lines = [f'HTTP/1.1 {status} Whatever', f'Content-Length: {len(self.content) - begin}', 'Connection: close']
        lines += [f'ETag: {self.etag}'] if self.etag else []
        lines += [f'Content-Range: bytes {begin}-{len(self.content) - 1}/{len(self.content)}'] if begin else []
        writer.write('\r\n'.join([*lines, '', '']).encode())
        for stop in (self.hold_at, self.break_at, len(self.content)):
            if stop is not None and stop >= begin:
                writer.write(self.content[begin:stop])
                await writer.drain()
                begin = stop
            if stop is not None and stop == self.hold_at:
                await reader.read()  # until the client closes
                break
            if stop is not None and stop == self.break_at:
                break
        writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[Hub]:
    """Serve a hub at a free port."""
    hub = Hub()
    server = await asyncio.start_server(hub.handle, '127.0.0.1', 0)
    hub.url = f'http://127.0.0.1:{server.sockets[0].getsockname()[1]}/nobody/small/resolve/main/small.gguf'
    try:
        yield hub
    finally:
        server.close()
