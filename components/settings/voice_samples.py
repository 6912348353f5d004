"""A short sample of each voice for the listen button, synthesised at the first request."""

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
"""Seconds before a voice that failed is tried again."""


def sample_url(voice: str) -> str:
    """Return the URL path of a voice's sample."""
    return f'{SAMPLES_AT}/{voice}.wav'


class VoiceSamples:
    """Serves the samples by its `route`, and keeps them.

    Any number of requests, also of guests, make one sample, and one at a time. It is finished even if the browser that
    asked for it has disconnected.
    """

    def __init__(
        self,
        voices: Collection[str],
        speak: Callable[[str, str], Awaitable[bytes]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Get ready without making any sample.

        :param voices: their names; others are not found
        :param speak: speaks a text in a voice and returns a WAV file; any exception it raises becomes an answer 503
        :param clock: returns monotonic seconds
        """
        self.route = Route(f'{SAMPLES_AT}/{{voice}}.wav', self._get)
        self._voices = voices
        self._speak = speak
        self._clock = clock
        self._speaking = asyncio.Lock()
        self._samples: dict[str, asyncio.Task[bytes]] = {}
        self._due: dict[str, float] = {}  # when each may be made next, by the clock

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
