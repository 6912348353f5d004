"""The words of an answer light up in the chat as they are spoken: by the page's clock, and with a real voice."""

from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import expect

from components.conversation.transcript.pace import DEFAULT_MS
from tests.e2e.conftest import Speak, Visit, over_both
from tests.e2e.witness import WitnessedPage, spoken
from tests.page import unfolded

TEXT = 'I was about to say something long.'


@pytest.fixture
def visit(visit: Visit) -> Visit:
    """Opens a page as somebody who does not mind motion."""
    return partial(visit, reduced_motion='no-preference')


def sound(what: str) -> dict[str, Any]:
    return {'type': f'output_audio_buffer.{what}', 'response_id': 'resp_1'}


async def test_words_light_up_when_their_time_comes(visit: Visit) -> None:
    page = await answered(visit)
    assert await unspoken(page) == TEXT
    await page.deliver(sound('started'))
    await listen(page, letters=1)
    assert await unspoken(page) == 'was about to say something long.'
    await listen(page, letters=7)
    assert await unspoken(page) == 'to say something long.'
    await page.deliver(spoken(' And more.'))
    await expect(page.page.get_by_test_id('turn-text')).to_have_text(f'{TEXT} And more.')
    await listen(page, letters=0)
    assert await unspoken(page) == 'to say something long. And more.'
    await listen(page, letters=14)
    assert await unspoken(page) == 'long. And more.'
    await page.deliver(sound('stopped'))  # sooner than estimated
    await listen(page, letters=0)
    assert await unspoken(page) == ''


async def test_words_that_were_cut_off_are_dimmed_as_not_heard(visit: Visit) -> None:
    page = await answered(visit)
    await page.deliver(sound('started'))
    await listen(page, letters=12)
    await page.deliver(sound('cleared'))
    await page.deliver(
        {
            'type': 'conversation.item.truncated',
            'item_id': 'item_1',
            'content_index': 0,
            'audio_end_ms': round(12 * DEFAULT_MS),
        }
    )
    await page.page.clock.run_for(200)
    await expect(page.page.locator('.turn__unheard')).to_have_text('to say something long.')
    await page.page.clock.run_for(2_000)
    assert await unspoken(page) == ''


async def test_words_without_a_voice_and_those_after_the_call_are_not_dimmed(visit: Visit) -> None:
    page = await answered(visit)
    await page.page.clock.run_for(4_000)
    assert await unspoken(page) == ''
    await page.deliver(sound('started'))
    await listen(page, letters=1)
    assert await unspoken(page) != ''
    await page.hang_up()
    await listen(page, letters=0)
    assert await unspoken(page) == ''


async def test_the_switch_is_remembered_and_heeds_those_who_want_no_movement(visit: Visit) -> None:
    page = await visit(reduced_motion='reduce')
    switch = await unfolded(page.page, 'captions')
    await expect(switch).not_to_be_checked()
    await switch.check()
    await page.open()
    await expect(switch).to_be_checked()
    await (await unfolded(page.page, 'captions')).uncheck()
    page = await answered(visit, page)
    await page.page.evaluate('document.addEventListener("spoken-to", ({ detail }) => (window.next = detail?.from))')
    await page.deliver(sound('started'))
    await listen(page, letters=1)
    assert await unspoken(page) == ''
    assert await page.page.evaluate('next') == len('I '), 'the chat follows the voice all the same'


@over_both
async def test_a_real_voice_is_followed_to_its_end(speak: Speak) -> None:
    page = await speak(1.5, 'lights', moves=True)
    await page.page.evaluate(WATCH)
    await page.call()
    answer = await page.wait_turn('assistant', status='done')
    await page.page.wait_for_function('watch.ended && watch.unspoken.at(-1)[1] === 0', timeout=60_000)
    began, ended, seen = await page.page.evaluate('[watch.began, watch.ended, watch.unspoken]')
    whole = len(answer.text)
    lit = [(at, 1 - left / whole) for at, left, length in seen if began <= at <= ended and length == whole]
    assert len({share for _, share in lit}) > len(answer.text.split()) / 2  # word by word
    assert all(later >= sooner for (_, sooner), (_, later) in pairwise(lit))
    middle = next(share for at, share in lit if at >= (began + ended) / 2)
    assert 0.3 < middle < 0.8
    assert (await page.turns())[1] == answer  # its text is untouched


async def answered(visit: Visit, page: WitnessedPage | None = None) -> WitnessedPage:
    """A page in a call whose time stands still, with an answer that is about to be spoken."""
    page = page or await visit()
    await page.page.clock.install()
    await page.call()
    await page.page.clock.pause_at(await page.page.evaluate('Date.now() / 1000') + 5)
    await page.deliver(spoken(TEXT))
    await page.page.clock.run_for(200)  # for the batch to Python
    await expect(page.page.get_by_test_id('turn-text')).to_have_text(TEXT)
    await listen(page, letters=0)
    return page


async def listen(page: WitnessedPage, *, letters: int) -> None:
    """Let so many letters be spoken, and one frame be drawn."""
    await page.page.clock.run_for(round(letters * DEFAULT_MS) + 20)


async def unspoken(page: WitnessedPage) -> str:
    return str(await page.page.evaluate(UNSPOKEN))


UNSPOKEN = """() => [...CSS.highlights.get("unspoken")]
    .map(({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset)).join("|")"""
"""The words that are dimmed because they are not spoken yet."""

WATCH = f"""() => {{
    const unspoken = {UNSPOKEN};
    const length = () =>
        document.querySelector("[data-speaker=assistant] [data-testid=turn-text]")?.textContent.length ?? 0;
    window.watch = {{ began: 0, ended: 0, unspoken: [] }};
    document.addEventListener("realtime", ({{ detail }}) => {{
        if (detail.type === "output_audio_buffer.started") watch.began ||= performance.now();
        if (detail.type === "output_audio_buffer.stopped") watch.ended ||= performance.now();
    }});
    const look = () => {{
        const drawn = length();
        setTimeout(() => {{
            if (length() === drawn) watch.unspoken.push([performance.now(), unspoken().length, drawn]);
        }}); // when the page has prepared the frame, too
        requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
}}"""
"""Keeps how many characters are dimmed in each frame, of how many, and when the voice was heard."""
