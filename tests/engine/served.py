"""An engine behind a real web server, and clients of its WebSocket."""

import array
import asyncio
import base64
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from types import TracebackType

import uvicorn
from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection, AsyncRealtimeConnectionManager
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.exceptions import ConnectionClosed

from components.engine import Engine
from components.engine.api.closing_socket import ClosingSocket
from components.engine.minds.mind import Piece, Prompt
from components.engine.switchboard import Switchboard
from components.engine.transport.client_connection import run_in_loop
from tests.speech import sentence

from .received import Received


class Served:
    """Serves the engine at `url`, for as long as the asynchronous context lasts."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._listening = socket.create_server(('127.0.0.1', 0))
        app = Starlette(routes=[Mount('/v1', engine.app)])
        self._server = uvicorn.Server(uvicorn.Config(app, log_level='warning', lifespan='off', ws=ClosingSocket))
        self.url = f'http://127.0.0.1:{self._listening.getsockname()[1]}/v1'
        self.socket_url = self.url.replace('http', 'ws') + '/realtime'

    async def __aenter__(self) -> 'Served':
        await self.engine.start()
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._listening]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.engine.stop()
        self._server.should_exit = True
        await self._serving

    def client(self, key: str = 'sk-anything') -> AsyncOpenAI:
        return AsyncOpenAI(base_url=self.url, api_key=key, max_retries=0)

    async def answered(self) -> None:
        """Wait until the web server has nothing to do any more."""
        if tasks := self._server.server_state.tasks:
            _, pending = await asyncio.wait(tasks, timeout=10)
            assert not pending

    async def disconnected(self) -> None:
        """Wait until the web server has no connection any more."""
        async with asyncio.timeout(10):
            while self._server.server_state.connections:  # noqa: ASYNC110  (uvicorn offers no event to wait for)
                await asyncio.sleep(0.01)

    async def all_over(self) -> None:
        """Wait until the last call has freed all that it had."""
        running = self.engine._running
        assert running
        await run_in_loop(_all_over(running.switchboard), running.loop)
        assert self.engine.calls == 0


class SocketClient(Received):
    """The `openai` package's own connection."""

    def __init__(self, connection: AsyncRealtimeConnection) -> None:
        super().__init__()
        self.connection = connection
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    async def append(self, *script: str | float) -> None:
        """Send sentences and pauses (in seconds), in pieces of 100 ms."""
        pcm = spoken(script)
        for at in range(0, len(pcm), 4800):
            await self.connection.input_audio_buffer.append(audio=base64.b64encode(pcm[at : at + 4800]).decode())

    def sound(self) -> bytes:
        """The speech of the engine as it came: mono s16 at 24 kHz."""
        return b''.join(base64.b64decode(event['delta']) for event in self.all('response.output_audio.delta'))

    async def listen(self) -> None:
        try:
            while True:
                self.take(await self.connection.recv_bytes())
        except ConnectionClosed as closed:
            self.closed.set_result((closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, ''))


@asynccontextmanager
async def connected(manager: AsyncRealtimeConnectionManager) -> AsyncIterator[SocketClient]:
    """A client that listens, of `client.realtime.connect(...)`."""
    async with manager as connection:
        client = SocketClient(connection)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


class PonderingMind:
    """Says one sentence, and then thinks for ever."""

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        yield 'Let me think about it. '
        await asyncio.Event().wait()


def spoken(script: Sequence[str | float]) -> bytes:
    """Sentences and pauses (in seconds) as a client sends them: mono s16 at 24 kHz."""
    pcm = b''.join(sentence(part) if isinstance(part, str) else bytes(2 * round(part * 48_000)) for part in script)
    samples = array.array('h', pcm)
    return array.array('h', ((a + b) // 2 for a, b in zip(samples[::2], samples[1::2], strict=False))).tobytes()


async def _all_over(switchboard: Switchboard) -> None:
    if tasks := switchboard._calls.values():
        _, pending = await asyncio.wait(tasks, timeout=10)
        assert not pending
