"""Firefox, driven by WebDriver BiDi, and the room it stands in, where somebody speaks when the test says so.

Playwright drives only a Firefox of its own make, which most machines cannot fetch; and Firefox has no flag for a file
as microphone, so that takes a sound server.
"""

import asyncio
import json
import os
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests import speech
from tests.page import WAIT

PREFERENCES = {
    'media.autoplay.default': 0,  # allowed
    'media.navigator.permission.disabled': True,  # nobody answers its questions
    'media.peerconnection.ice.loopback': True,  # a machine may have no other network
}

# Two ends of one room: what is played into `mouth` comes out of `microphone`. What the browser plays goes elsewhere.
ROOM = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=speaker rate=48000
load-module module-null-sink sink_name=mouth rate=48000 channels=1
load-module module-remap-source source_name=microphone master=mouth.monitor
set-default-sink speaker
set-default-source microphone
"""


class Room:
    """A sound server of its own, PulseAudio, as an asynchronous context."""

    async def __aenter__(self) -> 'Room':
        self._directory = tempfile.TemporaryDirectory(prefix='room')  # a socket's path must be short
        folder = Path(self._directory.name)
        socket = folder / 'socket'
        script = folder / 'room.pa'
        script.write_text(ROOM.format(socket=socket))
        self.environment = {
            **os.environ,
            'HOME': str(folder),
            'XDG_RUNTIME_DIR': str(folder),
            'PULSE_SERVER': f'unix:{socket}',
        }
        self._server = await self._run('pulseaudio', '-n', '--daemonize=no', '--exit-idle-time=-1', '-F', str(script))
        async with asyncio.timeout(WAIT):
            while await (await self._run('pactl', 'get-default-source')).wait():  # noqa: ASYNC110 (it tells nobody)
                await asyncio.sleep(0.05)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.terminate()
        await self._server.wait()
        self._directory.cleanup()

    async def say(self, *script: str | float) -> None:
        """Speak into the microphone, see `speech.microphone`; returns when it is said."""
        sound = speech.microphone(Path(self._directory.name) / 'said.wav', *script)
        assert await (await self._run('paplay', '--device=mouth', str(sound))).wait() == 0

    async def _run(self, *command: str) -> Process:
        return await asyncio.create_subprocess_exec(*command, env=self.environment, stdout=DEVNULL, stderr=DEVNULL)


class Firefox:
    """A running Firefox with one empty page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._calls = 0
        self._page = ''

    @classmethod
    @asynccontextmanager
    async def launch(cls, executable: Path, room: Room) -> AsyncIterator['Firefox']:
        """Start it with a profile of its own, and end it after the context."""
        with tempfile.TemporaryDirectory(prefix='firefox', ignore_cleanup_errors=True) as profile:
            lines = [f'user_pref({json.dumps(name)}, {json.dumps(value)});\n' for name, value in PREFERENCES.items()]
            (Path(profile) / 'user.js').write_text(''.join(lines))
            process = await asyncio.create_subprocess_exec(
                *(executable, '--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'),
                env=room.environment,
                stdout=DEVNULL,
                stderr=PIPE,
            )
            try:
                async with connect(f'{await _address(process)}/session', max_size=None, proxy=None) as socket:
                    firefox = cls(socket)
                    await firefox._call('session.new', capabilities={})
                    tree = await firefox._call('browsingContext.getTree')
                    firefox._page = tree['contexts'][0]['context']
                    yield firefox
            finally:
                process.kill()
                await process.wait()

    async def open(self, url: str, *, init_script: str) -> None:
        """Go there. `init_script` runs in each document from now on, before its own scripts."""
        await self._call('script.addPreloadScript', functionDeclaration=f'() => {{ {init_script} }}')
        await self._call('browsingContext.navigate', context=self._page, url=url, wait='complete')

    async def evaluate(self, expression: str) -> Any:
        """Evaluate JavaScript as one who has just pressed something, and give what comes of it, as JSON."""
        answer = await self._call(
            'script.evaluate',
            expression=f'(async () => JSON.stringify(await ({expression})) ?? "null")()',
            target={'context': self._page},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer['type'] == 'success', answer['exceptionDetails']['text']
        return json.loads(answer['result']['value'])

    async def wait_for(self, condition: str) -> None:
        """Wait until this is true in the page."""
        look = f'() => ({condition}) ? resolve(true) : setTimeout(look, 20)'
        try:
            async with asyncio.timeout(WAIT):
                await self.evaluate(f'new Promise((resolve) => {{ const look = {look}; look(); }})')
        except TimeoutError:
            raise AssertionError(
                f'Not so: {condition}. The page: {await self.evaluate("document.body.innerText")}'
            ) from None

    async def _call(self, method: str, **params: object) -> Any:
        self._calls += 1
        number = self._calls
        await self._socket.send(json.dumps({'id': number, 'method': method, 'params': params}))
        async for message in self._socket:
            answer = json.loads(message)
            if answer.get('id') == number:
                assert answer['type'] == 'success', answer
                return answer['result']
        raise AssertionError('Firefox has gone.')


async def _address(process: Process) -> str:
    """Read where it listens."""
    assert process.stderr
    async with asyncio.timeout(3 * WAIT):  # the first start of a new profile is slow
        async for line in process.stderr:
            _, listening, address = line.decode(errors='replace').partition('WebDriver BiDi listening on ')
            if listening:
                return address.strip()
    raise AssertionError('Firefox did not start.')
