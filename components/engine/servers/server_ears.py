"""Ears on another server: any that offers OpenAI's `POST /audio/transcriptions`."""

import asyncio

from openai import AsyncOpenAI, omit

from components.engine.speech.wav import HEARING_RATE, wav

from .failures import Failures
from .stage_server import StageServer


class ServerEars:
    """Recognises speech for all calls of an engine: the server gets each utterance when it is over.

    The caller closes `client`.
    """

    def __init__(self, server: StageServer, client: AsyncOpenAI) -> None:
        self._server = server
        self._client = client

    def hear(self, *, language: str | None = None) -> 'ServerHearing':
        """Begin an utterance. `language` helps the server, such as 'en' or 'pt-BR'."""
        return ServerHearing(self._server, self._client, language)


class ServerHearing:
    """One utterance on its way through a server, from `ServerEars.hear`."""

    partial = ''
    guessed: str | None = None

    def __init__(self, server: StageServer, client: AsyncOpenAI, language: str | None) -> None:
        self._model = server.model
        self._client = client
        self._failures = Failures('EARS', server)
        self._language = language.partition('-')[0].lower() if language else ''  # ISO 639-1, as OpenAI's API wants it
        self._pcm = bytearray()

    def guess(self) -> None:
        """Do nothing: a server hears the whole utterance, at its end."""

    def go_on(self) -> None:
        """Do nothing, as there was no guess."""

    def feed(self, pcm: bytes) -> None:
        """Hear more: mono s16 at `HEARING_RATE`."""
        self._pcm += pcm

    async def finish(self) -> str:
        """Return the words of the utterance, which is over; '' if nothing was understood.

        Raises:
            SpeechError: The server failed.
        """
        pcm = bytes(self._pcm)
        self.abort()
        pieces = [pcm[at : at + _LONGEST_BYTES] for at in range(0, len(pcm), _LONGEST_BYTES)]
        words = [await self._transcribed(piece) for piece in pieces]
        return ' '.join(each for each in words if each)

    def abort(self) -> None:
        """Drop the utterance. Does nothing once it is finished."""
        self._pcm.clear()

    async def _transcribed(self, pcm: bytes) -> str:
        file = ('speech.wav', await asyncio.to_thread(wav, pcm), 'audio/wav')
        with self._failures.translated():
            answer = await self._client.audio.transcriptions.with_raw_response.create(
                file=file, model=self._model, response_format='json', language=self._language or omit
            )
        try:
            return ' '.join(answer.parse().text.split())
        except (ValueError, RecursionError, AttributeError):  # no JSON, or JSON without words
            raise self._failures.wrong_content(answer.headers.get('Content-Type', '')) from None


_LONGEST_BYTES = 10 * 60 * HEARING_RATE * 2  # ten minutes; OpenAI takes files of 25 MB
