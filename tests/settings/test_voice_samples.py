"""A page fetches the sample of a voice."""

import io
import wave

import httpx
from starlette.applications import Starlette

from components.engine import Engine
from components.settings.voice_samples import SENTENCE, VoiceSamples, sample_url


class Speaker:
    """Says everything with one byte, and remembers what it was asked to say; fails as it is told to."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.hoarse = False

    async def __call__(self, text: str, voice: str) -> bytes:
        if self.hoarse:
            raise RuntimeError('a sore throat')
        self.said.append((text, voice))
        return b'!'


def browser(samples: VoiceSamples) -> httpx.AsyncClient:
    app = Starlette(routes=[samples.route])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://parley')


async def test_a_sample_is_made_once() -> None:
    speaker = Speaker()
    async with browser(VoiceSamples(['marin', 'ash'], speaker)) as page:
        for voice in ('marin', 'ash', 'marin'):
            answer = await page.get(sample_url(voice))
            assert (answer.status_code, answer.content, answer.headers['content-type']) == (200, b'!', 'audio/wav')
    assert speaker.said == [(SENTENCE, 'marin'), (SENTENCE, 'ash')]


async def test_other_voices_are_not_found() -> None:
    speaker = Speaker()
    async with browser(VoiceSamples(['marin'], speaker)) as page:
        assert (await page.get(sample_url('caruso'))).status_code == 404
    assert speaker.said == []


async def test_a_failure_says_why_and_is_not_kept() -> None:
    speaker = Speaker()
    async with browser(VoiceSamples(['marin'], speaker)) as page:
        speaker.hoarse = True
        answer = await page.get(sample_url('marin'))
        assert (answer.status_code, answer.text) == (503, 'The voice cannot be heard: a sore throat')
        speaker.hoarse = False
        assert (await page.get(sample_url('marin'))).status_code == 200


async def test_the_engines_sample_is_a_sound_of_some_seconds() -> None:
    engine = Engine()
    try:
        async with browser(VoiceSamples(['marin'], engine.speak)) as page:
            answer = await page.get(sample_url('marin'))
    finally:
        await engine.stop()
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert 1 < sound.getnframes() / sound.getframerate() < 10
        assert any(sound.readframes(sound.getnframes()))
