"""A page fetches the sample of a voice."""

import asyncio
import io
import wave

import httpx
from starlette.applications import Starlette

from components.engine import Engine
from components.settings.voice_samples import PAUSE, SENTENCE, VoiceSamples, sample_url


class Synthesiser:
    """Synthesises one byte and records its calls; fails while `broken` is set, waits while `free` is not."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.speaking = self.most_at_once = 0
        self.broken = False
        self.asked = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self, text: str, voice: str) -> bytes:
        self.said.append((text, voice))
        self.speaking += 1
        self.most_at_once = max(self.most_at_once, self.speaking)
        self.asked.set()
        await self.free.wait()
        self.speaking -= 1
        if self.broken:
            raise RuntimeError('out of order')
        return b'!'


def browser(samples: VoiceSamples) -> httpx.AsyncClient:
    app = Starlette(routes=[samples.route])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://parley')


async def test_a_sample_is_made_once() -> None:
    speaker = Synthesiser()
    async with browser(VoiceSamples(['marin', 'ash'], speaker)) as page:
        for voice in ('marin', 'ash', 'marin'):
            answer = await page.get(sample_url(voice))
            assert (answer.status_code, answer.content, answer.headers['content-type']) == (200, b'!', 'audio/wav')
    assert speaker.said == [(SENTENCE, 'marin'), (SENTENCE, 'ash')]


async def test_other_voices_are_not_found() -> None:
    speaker = Synthesiser()
    async with browser(VoiceSamples(['marin'], speaker)) as page:
        assert (await page.get(sample_url('caruso'))).status_code == 404
    assert speaker.said == []


async def test_simultaneous_requests_make_one_sample_of_each_voice_one_at_a_time() -> None:
    speaker = Synthesiser()
    speaker.free.clear()
    async with browser(VoiceSamples(['marin', 'ash'], speaker)) as page:
        first, *others = [asyncio.create_task(page.get(sample_url(voice))) for voice in ['marin', 'marin', 'ash'] * 9]
        await speaker.asked.wait()
        first.cancel()  # disconnects
        await asyncio.wait([first])
        speaker.free.set()
        answers = await asyncio.gather(*others)
    assert {answer.status_code for answer in answers} == {200}
    assert speaker.said == [(SENTENCE, 'marin'), (SENTENCE, 'ash')]
    assert speaker.most_at_once == 1


async def test_a_failure_is_explained_and_not_retried_for_a_while() -> None:
    speaker, now = Synthesiser(), 0.0
    speaker.broken = True
    async with browser(VoiceSamples(['marin'], speaker, lambda: now)) as page:
        for seconds in (0.0, PAUSE - 1):
            now = seconds
            answer = await page.get(sample_url('marin'))
            assert (answer.status_code, answer.text) == (503, 'The voice cannot be heard: out of order')
        assert speaker.said == [(SENTENCE, 'marin')]
        speaker.broken = False
        now = PAUSE
        assert (await page.get(sample_url('marin'))).status_code == 200


async def test_a_sample_of_the_engine_lasts_a_few_seconds() -> None:
    engine = Engine()
    try:
        async with browser(VoiceSamples(['marin'], engine.speak)) as page:
            answer = await page.get(sample_url('marin'))
    finally:
        await engine.stop()
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert 1 < sound.getnframes() / sound.getframerate() < 10
        assert any(sound.readframes(sound.getnframes()))
