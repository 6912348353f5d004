"""A reverse proxy without TLS: how a page comes to be open that gets no microphone."""

import asyncio
from contextlib import suppress
from types import TracebackType

from tests.parley import Parley

NAME = b'parley.test'  # which Chromium is told to find on this machine, see `tests.chromium`
BEHIND = b'localhost'


class PlainProxy:
    """Serves a Parley at `url`, as an asynchronous context, by a name that browsers do not count as secure."""

    def __init__(self, parley: Parley) -> None:
        self._parley = parley

    @property
    def url(self) -> str:
        return f'http://{NAME.decode()}:{self._server.sockets[0].getsockname()[1]}/'

    async def __aenter__(self) -> 'PlainProxy':
        self._server = await asyncio.start_server(self._serve, '127.0.0.1', 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()

    async def _serve(self, browser: asyncio.StreamReader, to_browser: asyncio.StreamWriter) -> None:
        parley, to_parley = await asyncio.open_connection('127.0.0.1', self._parley.port)
        port = str(self._server.sockets[0].getsockname()[1]).encode()
        own, theirs = NAME + b':' + port, BEHIND + b':' + str(self._parley.port).encode()
        await asyncio.gather(_copy(browser, to_parley, own, theirs), _copy(parley, to_browser, theirs, own))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter, old: bytes, new: bytes) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data.replace(old, new))
            await target.drain()
    target.close()
