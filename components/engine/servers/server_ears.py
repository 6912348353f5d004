"""Ears that are another server: whatever offers OpenAI's `POST /audio/transcriptions`."""

import asyncio
import json

from components.engine.speech.wav import HEARING_RATE, wav

from .stage_request import StageClient


class ServerEars:
    """Hears for all calls of an engine, by a server that gets every utterance when it is over."""

    def __init__(self, client: StageClient) -> None:
        self._client = client

    def hear(self, caller: str, *, language: str | None = None) -> 'ServerHearing':
        """Begin an utterance. `language` helps the server, such as 'en' or 'pt-BR'."""
        return ServerHearing(self._client, language)

    def forget(self, caller: str) -> None:
        """Nothing is kept of a caller."""


class ServerHearing:
    """One utterance on its way through a server, from `ServerEars.hear`."""

    guessed: str | None = None

    def __init__(self, client: StageClient, language: str | None) -> None:
        self._client = client
        self._language = language
        self._pcm = bytearray()

    def guess(self) -> None:
        """Does nothing: a server hears all at once, at the end."""

    def go_on(self) -> None:
        """Does nothing, as there was no guess."""

    def feed(self, pcm: bytes) -> None:
        """Hear more: mono s16 at `HEARING_RATE`."""
        self._pcm += pcm

    async def finish(self) -> str:
        """The words, once the utterance is over; '' when nothing was understood. Raises SpeechError."""
        pcm = bytes(self._pcm)
        self.abort()
        pieces = [pcm[at : at + _LONGEST_BYTES] for at in range(0, len(pcm), _LONGEST_BYTES)]
        words = [await self._transcribed(piece) for piece in pieces]
        return ' '.join(each for each in words if each)

    def abort(self) -> None:
        """Give the utterance up. Does nothing once it is finished."""
        self._pcm.clear()

    async def _transcribed(self, pcm: bytes) -> str:
        data = {'model': self._client.server.model, 'response_format': 'json'}
        if self._language:
            data['language'] = self._language.partition('-')[0].lower()  # ISO 639-1, as OpenAI's API has it
        file = ('speech.wav', await asyncio.to_thread(wav, pcm), 'audio/wav')
        async with self._client.ask('audio/transcriptions', data=data, files={'file': file}) as response:
            text = _text(await response.aread())
        if text is None:
            raise self._client.wrong_content(response.headers.get('Content-Type', ''))
        return text


def _text(body: bytes) -> str | None:
    """The words in `{"text": …}`, on one line; None if it is something else."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    text = answer.get('text') if isinstance(answer, dict) else None
    return ' '.join(text.split()) if isinstance(text, str) else None


_LONGEST_BYTES = 10 * 60 * HEARING_RATE * 2  # ten minutes; OpenAI takes files of 25 MB
