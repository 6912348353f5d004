"""The clients of a session: the one that talks, and sidebands, which watch and steer it."""

import asyncio

from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.wire import EventFields
from components.engine.transport.transport import AudioOutput, Transport


class SessionClients:
    """The transport of a session with several clients: sound goes to the first one alone, events go to all."""

    def __init__(self, client: Transport) -> None:
        self.sidebands: list[Transport] = []
        self._client = client

    @property
    def audio_output(self) -> AudioOutput:
        """The client's."""
        return self._client.audio_output

    @property
    def longest_message(self) -> int:
        """The client's limit."""
        return self._client.longest_message

    @property
    def longest_event(self) -> int:
        """The client's limit."""
        return self._client.longest_event

    @property
    def receivers(self) -> list[Transport]:
        """Everyone who gets the events."""
        return [self._client, *self.sidebands]

    def append(self, sound: bytes, format: AudioFormat) -> None:
        """Take sound that the client sent in an event."""
        self._client.append(sound, format)

    def send(self, event: EventFields) -> None:
        """Deliver an event to all."""
        for receiver in self.receivers:  # a copy: a sideband that is too slow leaves while it is sent to
            receiver.send(event)

    async def close(self, *, expired: bool = False) -> None:
        """End all connections, once everything sent has left."""
        await asyncio.gather(*(each.close(expired=expired) for each in [self._client, *self.sidebands]))
