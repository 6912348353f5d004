"""A voice that is another server: whatever offers OpenAI's `POST /audio/speech`."""

from collections.abc import AsyncGenerator

import httpx

from components.engine.speech.phrases import phrases

from .pcm_stream import PcmStream
from .stage_request import StageClient


class ServerVoice:
    """Speaks for all calls of an engine. `name` is the voice to ask the server for, instead of the session's."""

    def __init__(self, client: StageClient, name: str = '') -> None:
        self._client = client
        self._name = name

    async def speak(self, text: str, *, voice: str, speed: float = 1.0) -> AsyncGenerator[bytes, None]:
        """Say plain text: mono s16 at `SPEECH_RATE`, in pieces as they come from the server.

        Closing or cancelling the iterator closes the connection. Raises SpeechError.
        """
        for phrase in phrases(text, longest=_LONGEST_TEXT):
            question = {
                'model': self._client.server.model,
                'input': phrase,
                'voice': self._name or voice,
                'response_format': 'pcm',
                'speed': speed,
            }
            async with self._client.ask('audio/speech', json=question) as response:
                self._check(response)
                stream = PcmStream()
                try:
                    async for data in response.aiter_bytes():
                        if pcm := stream.read(data):
                            yield pcm
                except ValueError as problem:
                    raise self._client.wrong_content(str(problem)) from None
                if pcm := stream.finish():
                    yield pcm

    def _check(self, response: httpx.Response) -> None:
        kind = response.headers.get('Content-Type', '')
        if kind.partition(';')[0].strip().lower() not in _SOUND:
            raise self._client.wrong_content(kind)


_LONGEST_TEXT = 4096  # characters, as OpenAI's API has it
# How servers name PCM, and WAV, in which some of them wrap it. Others say nothing, or that these are bytes.
_SOUND = {
    *('', 'application/octet-stream', 'binary/octet-stream'),
    *('audio/pcm', 'audio/l16', 'audio/raw', 'audio/x-raw'),
    *('audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'),
}
