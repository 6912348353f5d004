"""A voice on another server: any that offers OpenAI's `POST /audio/speech`."""

from collections.abc import AsyncGenerator

from openai import AsyncOpenAI

from components.engine.speech.synthesis.phrases import phrases

from .failures import Failures
from .pcm_stream import PcmStream
from .stage_server import StageServer


class ServerVoice:
    """Speaks for all calls of an engine. `name` is the voice to ask the server for, instead of the session's.

    The caller closes `client`.
    """

    def __init__(self, server: StageServer, client: AsyncOpenAI, name: str = '') -> None:
        self._model = server.model
        self._client = client
        self._name = name
        self._failures = Failures('VOICE', server)

    async def speak(
        self, text: str, *, voice: str, speed: float = 1.0, language: str | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Say plain text: mono s16 at `SPEECH_RATE`, in pieces as they come from the server.

        Closing or cancelling the iterator closes the connection. OpenAI's API has no field for the `language`.

        Raises:
            SpeechError: The server failed.
        """
        for phrase in phrases(text, longest=_LONGEST_TEXT):
            asking = self._client.audio.speech.with_streaming_response.create(
                input=phrase, model=self._model, voice=self._name or voice, response_format='pcm', speed=speed
            )
            with self._failures.translated():
                async with asking as response:
                    kind = response.headers.get('Content-Type', '')
                    if kind.partition(';')[0].strip().lower() not in _SOUND:
                        raise self._failures.wrong_content(kind)
                    stream = PcmStream()
                    async for data in response.iter_bytes():
                        if pcm := self._read(stream, data):
                            yield pcm
                    if pcm := stream.finish():
                        yield pcm

    def _read(self, stream: PcmStream, data: bytes) -> bytes:
        try:
            return stream.read(data)
        except ValueError as problem:
            raise self._failures.wrong_content(str(problem)) from None


_LONGEST_TEXT = 4096  # characters, as OpenAI's API allows
# Content types of PCM, and of WAV, in which some servers wrap it. Others name none, or that of any bytes.
_SOUND = {
    *('', 'application/octet-stream', 'binary/octet-stream'),
    *('audio/pcm', 'audio/l16', 'audio/raw', 'audio/x-raw'),
    *('audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'),
}
