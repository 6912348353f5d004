"""KeptSound, which keeps the first words: where it begins, and how it catches up without audible artefacts."""

from collections.abc import AsyncIterator
from itertools import pairwise
from math import tau

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.parley import Parley

RATE = 8_000
BLOCK = 80  # samples: 10 ms

SOUNDS = """
    window.hum = (index) => 0.2 * Math.sin(2 * Math.PI * 200 * index / 8000);
    window.noise = () => 0.002 * (Math.random() - 0.5); // of a quiet room: -65 dBFS
    window.din = () => 0.2 * (Math.random() - 0.5);
    window.kept = null;
    window.now = 0;
    window.block = (sound) => Float32Array.from({ length: 80 }, () => sound(now++));
    window.hear = (ms, sound) => { for (let at = 0; at < ms; at += 10) kept.write(block(sound)); };
    window.give = (ms, sound) => {
        const given = [];
        for (let at = 0; at < ms && !kept.caughtUp; at += 10) {
            kept.write(block(sound));
            const next = new Float32Array(80);
            kept.read(next);
            given.push(...next);
        }
        return given;
    };
    window.crossings = (sound) => sound.filter((sample, at) => at && sound[at - 1] < 0 && sample >= 0).length;
"""


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def page(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'kept_sound') as page:
        await page.evaluate(f'() => {{ {SOUNDS} }}')
        yield page


@pytest_asyncio.fixture(loop_scope='session')
async def kept(page: Page) -> Page:
    """A page with kept sound of its own, at 8 kHz, and nothing heard yet."""
    await page.evaluate('() => { kept = new KeptSound(8000); }')
    return page


async def test_without_speech_there_is_nothing_to_send(kept: Page) -> None:
    assert await kept.evaluate('hear(5000, noise), [kept.begin(), kept.behind()]') == [False, 0]


async def test_it_begins_shortly_before_the_first_word(kept: Page) -> None:
    assert await kept.evaluate('hear(2000, noise), hear(1000, hum), [kept.begin(), kept.behind()]') == [True, 1300]


async def test_a_word_said_at_once_is_read_from_its_start(kept: Page) -> None:
    assert await kept.evaluate('hear(700, hum), [kept.begin(), kept.behind()]') == [True, 700]


async def test_at_most_15_seconds_are_kept(kept: Page) -> None:
    assert await kept.evaluate('hear(1000, hum), hear(19000, hum), [kept.begin(), kept.behind()]') == [True, 15_000]


async def test_forgotten_sound_is_never_read(kept: Page) -> None:
    sound = await kept.evaluate('hear(1000, hum), kept.forget(), hear(500, noise), [kept.begin(), ...give(100, noise)]')
    assert sound[0] is False
    assert max(map(abs, sound[1:])) < 0.01
    sound = await kept.evaluate('hear(1000, hum), kept.begin(), kept.forget(), give(500, noise)')
    assert max(map(abs, sound)) < 0.01


async def test_a_voice_is_read_faster_at_the_same_pitch_and_without_clicks(kept: Page) -> None:
    before, after, sound = await kept.evaluate(
        '(hear(2000, hum), kept.begin(), [kept.behind(), (window.sound = give(4000, hum), kept.behind()), sound])'
    )
    assert 700 < before - after < 1400  # in 4 s
    crossings = await kept.evaluate('crossings(sound)')
    assert crossings == pytest.approx(4 * 200, rel=0.01)
    steps = [abs(later - sooner) for sooner, later in pairwise(sound)]
    assert max(steps) < 1.2 * 0.2 * tau * 200 / RATE  # as steep as the hum itself


async def test_pauses_are_shortened_but_words_are_not(kept: Page) -> None:
    await kept.evaluate('hear(400, hum), hear(600, noise), hear(400, hum), kept.begin()')
    sound = await kept.evaluate('give(3000, noise)')
    assert await kept.evaluate('kept.caughtUp')
    assert len(sound) < 1.4 * RATE
    loud = [at for at in range(0, len(sound) - BLOCK, BLOCK) if max(sound[at : at + BLOCK]) > 0.1]
    gap = max(later - sooner for sooner, later in pairwise(loud)) / RATE
    assert 0.1 < gap < 0.3
    assert len(loud) * BLOCK / RATE == pytest.approx(0.6, abs=0.15)  # of 0.8 s


async def test_the_microphone_takes_over_in_a_pause(kept: Page) -> None:
    await kept.evaluate('hear(300, hum), kept.begin(), give(2000, hum)')
    assert await kept.evaluate('[kept.behind() <= 50, kept.caughtUp]') == [True, False]
    assert len(await kept.evaluate('give(1000, noise)')) < 0.3 * RATE
    assert await kept.evaluate('kept.caughtUp')


async def test_in_a_noisy_room_the_microphone_takes_over_eventually(kept: Page) -> None:
    await kept.evaluate('hear(300, din), kept.begin()')
    given = await kept.evaluate('give(10000, din).length')
    assert await kept.evaluate('kept.caughtUp')
    assert given < 6 * RATE
