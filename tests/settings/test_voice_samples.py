"""A page fetches the sample of a voice."""

import asyncio
import io
import wave

import httpx
from starlette.applications import Starlette

from components.engine import Engine
from components.settings.voice_samples import PAUSE, SENTENCE, VoiceSamples, sample_url


class Speaker:
    """Says everything with one byte, and remembers what it was asked to say; fails or waits as it is told to."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.speaking = self.most = 0  # at once
        self.hoarse = False
        self.asked = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self, text: str, voice: str) -> bytes:
        self.said.append((text, voice))
        self.speaking += 1
        self.most = max(self.most, self.speaking)
        self.asked.set()
        await self.free.wait()
        self.speaking -= 1
        if self.hoarse:
            raise RuntimeError('a sore throat')
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


async def test_many_who_ask_at_once_let_the_engine_speak_once_for_each_voice_and_one_at_a_time() -> None:
    speaker = Speaker()
    speaker.free.clear()
    async with browser(VoiceSamples(['marin', 'ash'], speaker)) as page:
        first, *others = [asyncio.create_task(page.get(sample_url(voice))) for voice in ['marin', 'marin', 'ash'] * 9]
        await speaker.asked.wait()
        first.cancel()  # has gone meanwhile
        await asyncio.wait([first])
        speaker.free.set()
        answers = await asyncio.gather(*others)
    assert {answer.status_code for answer in answers} == {200}
    assert speaker.said == [(SENTENCE, 'marin'), (SENTENCE, 'ash')]
    assert speaker.most == 1


async def test_a_failure_says_why_and_is_the_answer_for_a_while() -> None:
    speaker, now = Speaker(), 0.0
    speaker.hoarse = True
    async with browser(VoiceSamples(['marin'], speaker, lambda: now)) as page:
        for seconds in (0.0, PAUSE - 1):
            now = seconds
            answer = await page.get(sample_url('marin'))
            assert (answer.status_code, answer.text) == (503, 'The voice cannot be heard: a sore throat')
        assert speaker.said == [(SENTENCE, 'marin')]
        speaker.hoarse = False
        now = PAUSE
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
