"""A room with a microphone, in which somebody speaks: for browsers that take no file for a microphone."""

import asyncio
import os
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from .page import WAIT

# Two ends of one room: sound played into `mouth` comes out of `microphone`. A browser's output goes elsewhere.
# Without `norewinds` such a sink works two seconds ahead, and so long a microphone would be deaf at first.
ROOM = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=speaker rate=48000 norewinds=1
load-module module-null-sink sink_name=mouth rate=48000 channels=1 norewinds=1
load-module module-remap-source source_name=microphone master=mouth.monitor
set-default-sink speaker
set-default-source microphone
"""

OPENED = b"Event 'new' on source-output"


class Room:
    """A sound server of its own, PulseAudio, as an asynchronous context; `environment` leads a program into it.

    Its microphone hears silence until `say` gives it something else.
    """

    _says = False

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
            while await (await self._run('pactl', 'get-default-source')).wait():  # noqa: ASYNC110 (it sends no notification)
                await asyncio.sleep(0.05)
        self._speaking = asyncio.create_task(self._speak())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._speaking.cancel()
        with suppress(asyncio.CancelledError):
            await self._speaking
        self._server.terminate()
        await self._server.wait()
        self._directory.cleanup()

    async def say(self, sound: Path) -> None:
        """From now on, play this WAV file once whenever the microphone is opened."""
        # The server itself has the sound then: a program that plays it might stutter on a busy machine.
        assert await (await self._run('pactl', 'upload-sample', str(sound), 'said')).wait() == 0
        self._says = True

    def hush(self) -> None:
        """From now on, let the microphone hear silence."""
        self._says = False

    async def _speak(self) -> None:
        events = await self._run('pactl', 'subscribe', stdout=PIPE)
        assert events.stdout
        async for event in events.stdout:
            if self._says and event.startswith(OPENED):
                await self._run('pactl', 'play-sample', 'said', 'mouth')

    async def _run(self, *command: str, stdout: int = DEVNULL) -> Process:
        return await asyncio.create_subprocess_exec(*command, env=self.environment, stdout=stdout, stderr=DEVNULL)
