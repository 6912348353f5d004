"""A session with a service, as the relay uses it: events and sound, whether over a WebSocket or within this program."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .socket import ServiceSocket


@dataclass(frozen=True)
class ServiceEvent:
    """An event of a service.

    Attributes:
        fields: The event.
        text: The event as JSON; '' for sound.
        sound: The sound of an event that holds sound: mono s16, little-endian, at 24 kHz.
    """

    fields: Mapping[str, Any]
    text: str
    sound: bytes | None = None


class ServiceConnection(Protocol):
    """An open session with a service."""

    async def send(self, event: str) -> None:
        """Send an event, as JSON, when the service has room for it. Raises ServiceClosed."""

    async def send_sound(self, pcm: bytes) -> None:
        """Send sound of the microphone, mono s16 at 24 kHz, when the service has room for it. Raises ServiceClosed."""

    async def receive(self) -> ServiceEvent:
        """Wait for the next event. Raises ServiceClosed."""

    async def close(self) -> None:
        """End the session. Closing twice does no harm."""


class SocketConnection:
    """A session over a WebSocket, where sound travels as base64 in JSON."""

    def __init__(self, socket: ServiceSocket) -> None:
        self._socket = socket

    async def send(self, event: str) -> None:
        """Send an event, as JSON. Raises ServiceClosed."""
        await self._socket.send(event)

    async def send_sound(self, pcm: bytes) -> None:
        """Send sound as an `input_audio_buffer.append`. Raises ServiceClosed."""
        audio = base64.b64encode(pcm).decode()
        await self._socket.send(f'{{"type":"input_audio_buffer.append","audio":"{audio}"}}')

    async def receive(self) -> ServiceEvent:
        """Wait for the next event, skipping malformed messages. Raises ServiceClosed."""
        while (event := read_event(await self._socket.receive())) is None:
            pass
        return event

    async def close(self) -> None:
        """End the session."""
        await self._socket.close()


def read_event(text: str) -> ServiceEvent | None:
    """Read a message of a service. Returns None if it is no event, or if its sound or the place of it is malformed."""
    try:
        fields = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or not isinstance(fields.get('type'), str):
        return None
    if fields['type'] not in _SOUND_EVENTS:
        return ServiceEvent(fields, text)
    if not all(isinstance(fields.get(name), str | int | None) for name in ('response_id', 'item_id', 'content_index')):
        return None
    try:
        return ServiceEvent(fields, '', base64.b64decode(fields.get('delta') or '', validate=True))
    except (ValueError, TypeError):
        return None


def _refuse_constant(name: str) -> float:
    """Refuse NaN and Infinity, which Python takes for JSON and browsers do not. Raises ValueError."""
    raise ValueError(f'{name} is not JSON')


_SOUND_EVENTS = frozenset({'response.output_audio.delta', 'response.audio.delta'})
