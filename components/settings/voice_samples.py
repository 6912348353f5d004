"""How each voice sounds, for the listen button: a short recording of it, made when somebody first asks."""

from collections.abc import Awaitable, Callable, Collection

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

SAMPLES_AT = '/voices'
SENTENCE = 'Hello. This is how I sound when we talk with each other.'


def sample_url(voice: str) -> str:
    """Return where a page finds the sample of a voice."""
    return f'{SAMPLES_AT}/{voice}.wav'


class VoiceSamples:
    """Serves the samples by its `route`, and keeps them."""

    def __init__(self, voices: Collection[str], speak: Callable[[str, str], Awaitable[bytes]]) -> None:
        """
        :param voices: which there are; others are not found
        :param speak: says a text in a voice and returns it as a WAV file; may raise whatever it likes
        """
        self.route = Route(f'{SAMPLES_AT}/{{voice}}.wav', self._get)
        self._voices = voices
        self._speak = speak
        self._made: dict[str, bytes] = {}

    async def _get(self, request: Request) -> Response:
        voice = request.path_params['voice']
        if voice not in self._voices:
            return PlainTextResponse('There is no such voice.', 404)
        if voice not in self._made:
            try:
                self._made[voice] = await self._speak(SENTENCE, voice)
            except Exception as problem:
                return PlainTextResponse(f'The voice cannot be heard: {problem}', 503)
        return Response(self._made[voice], media_type='audio/wav', headers={'Cache-Control': 'max-age=3600'})
