"""All who are told what happens in a call: its client, and those who watch and steer it from aside."""

from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.wire import JsonObject
from components.engine.stages import Speaker, Transport
from components.engine.transport.socket_peer import SocketPeer


class Audience:
    """The transport of a call's session. Sound goes to the client alone, events to everybody."""

    def __init__(self, client: Transport) -> None:
        self.sidebands: list[SocketPeer] = []
        self._client = client

    @property
    def speaker(self) -> Speaker:
        return self._client.speaker

    @property
    def longest_message(self) -> int:
        return self._client.longest_message

    @property
    def longest_event(self) -> int:
        return self._client.longest_event

    def append(self, sound: bytes, format: AudioFormat) -> None:
        self._client.append(sound, format)

    def send(self, event: JsonObject) -> None:
        self._client.send(event)
        for sideband in list(self.sidebands):  # one that cannot follow leaves meanwhile
            sideband.send(event)
