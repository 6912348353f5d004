"""How each voice sounds, for the listen button: a short recording of it, made when somebody first asks."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Collection

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

SAMPLES_AT = '/voices'
SENTENCE = 'Hello. This is how I sound when we talk with each other.'

PAUSE = 10.0
"""Seconds before a voice that could not be heard is tried again."""


def sample_url(voice: str) -> str:
    """Return where a page finds the sample of a voice."""
    return f'{SAMPLES_AT}/{voice}.wav'


class VoiceSamples:
    """Serves the samples by its `route`, and keeps them.

    Guests may ask as often as they like: a sample is made once, and one at a time, also when whoever asked has gone.
    """

    def __init__(
        self,
        voices: Collection[str],
        speak: Callable[[str, str], Awaitable[bytes]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        :param voices: which there are; others are not found
        :param speak: says a text in a voice and returns it as a WAV file; may raise whatever it likes
        :param clock: seconds of a clock that never goes back
        """
        self.route = Route(f'{SAMPLES_AT}/{{voice}}.wav', self._get)
        self._voices = voices
        self._speak = speak
        self._clock = clock
        self._speaking = asyncio.Lock()
        self._samples: dict[str, asyncio.Task[bytes]] = {}
        self._due: dict[str, float] = {}  # when each is made next, by the clock

    async def _get(self, request: Request) -> Response:
        voice = request.path_params['voice']
        if voice not in self._voices:
            return PlainTextResponse('There is no such voice.', 404)
        if self._due.get(voice, -math.inf) <= self._clock():
            self._due[voice] = math.inf
            self._samples[voice] = asyncio.create_task(self._make(voice))
        try:
            sample = await asyncio.shield(self._samples[voice])
        except Exception as problem:
            return PlainTextResponse(f'The voice cannot be heard: {problem}', 503)
        return Response(sample, media_type='audio/wav', headers={'Cache-Control': 'max-age=3600'})

    async def _make(self, voice: str) -> bytes:
        async with self._speaking:
            try:
                return await self._speak(SENTENCE, voice)
            except Exception:
                self._due[voice] = self._clock() + PAUSE
                raise
