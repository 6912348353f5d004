"""A service and a browser at the two ends of a relayed call, without sockets."""

import asyncio
import base64
import json
from typing import Any

from components.providers.connection.socket import ServiceClosed
from components.relay.frames import to_text
from components.relay.relayed_call import BrowserGone


class FakeService:
    """The WebSocket to a service. It begins a session at once and takes every change, unless `refusal`."""

    def __init__(self, refusal: dict[str, Any] | None = None) -> None:
        self.got: list[dict[str, Any]] = []
        self.sound = b''
        self.closed = False
        self.slow: asyncio.Event | None = None
        self._refusal = refusal
        self._said: asyncio.Queue[str | ServiceClosed] = asyncio.Queue()
        self.say(type='session.created', session={'voice': 'its own'})

    def say(self, **event: Any) -> None:
        self.say_text(to_text(event))

    def say_text(self, text: str) -> None:
        self._said.put_nowait(text)

    def speak(self, sound: bytes, item: str = 'item_1', response: str = 'resp_1') -> None:
        delta = base64.b64encode(sound).decode()
        place = {'response_id': response, 'item_id': item, 'output_index': 0, 'content_index': 0}
        self.say(type='response.output_audio.delta', **place, delta=delta)

    def leave(self, code: int = 1006, reason: str = '') -> None:
        self._said.put_nowait(ServiceClosed(code, reason))

    async def send(self, text: str) -> None:
        if self.slow:
            await self.slow.wait()
        event = json.loads(text)
        if event['type'] == 'input_audio_buffer.append':
            self.sound += base64.b64decode(event['audio'])
            return
        self.got.append(event)
        if event['type'] == 'session.update' and self._refusal:
            self.say(type='error', error={**self._refusal, 'event_id': event['event_id']})
        elif event['type'] == 'session.update':
            self.say(type='session.updated', session=event['session'])

    async def receive(self) -> str:
        said = await self._said.get()
        if isinstance(said, ServiceClosed):
            raise said
        return said

    async def close(self) -> None:
        self.closed = True


class FakeBrowser:
    """A browser's socket; `got` has what it was sent."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any] | bytes] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self._news = asyncio.Event()
        self._said: asyncio.Queue[str | bytes | BrowserGone] = asyncio.Queue()

    @property
    def events(self) -> list[str]:
        """The types of the events it has, without the relay's own."""
        types = [message['type'] for message in self.got if isinstance(message, dict)]
        return [type for type in types if not type.startswith('relay.')]

    @property
    def sound(self) -> bytes:
        return b''.join(message[8:] for message in self.got if isinstance(message, bytes))

    @property
    def count(self) -> int:
        """How many messages it has that the relay counts."""
        return len(self.got) - 1

    def say(self, message: dict[str, Any] | bytes) -> None:
        self._said.put_nowait(message if isinstance(message, bytes) else to_text(message))

    def vanish(self) -> None:
        self._said.put_nowait(BrowserGone())

    def hang_up(self) -> None:
        self._said.put_nowait(BrowserGone(hung_up=True))

    async def until(self, type: str) -> dict[str, Any]:
        """Wait for a message of this type."""
        async with asyncio.timeout(5):
            while True:
                for message in self.got:
                    if isinstance(message, dict) and message['type'] == type:
                        return message
                self._news.clear()
                await self._news.wait()

    async def send(self, message: str | bytes) -> None:
        await self.reading.wait()
        self.got.append(message if isinstance(message, bytes) else json.loads(message))
        self._news.set()

    async def receive(self) -> str | bytes:
        said = await self._said.get()
        if isinstance(said, BrowserGone):
            raise said
        return said
