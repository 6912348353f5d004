"""A sentence begun at the click arrives whole, however long connecting takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Speak, Visit, over_both
from tests.e2e.conversation.test_conversation import HELLO, LIGHTS
from tests.e2e.page.test_sound import ONE_LIVE, SECOND, choose
from tests.e2e.witness import HOLD, ROOM, WitnessedPage, sounds_like

BEGINNING = 1.0
"""Seconds until somebody speaks: a busy machine takes almost as long until it hears a microphone that it has opened."""


@pytest.mark.parametrize(
    ('transport', 'said'),
    [('webrtc', 'performance.now() > room.since + 900'), ('webrtc', 'room.quiet'), ('relay', 'room.quiet')],
    ids=['half of it by WebRTC', 'all of it by WebRTC', 'all of it by the relay'],
)
async def test_words_said_while_connecting_are_heard(speak: Speak, said: str) -> None:
    page = await speak(BEGINNING, 'lights', 1.0)
    async with calling(page):
        await page.page.wait_for_function(said)
    assert sounds_like(await page.wait_turn('user', status='done'), LIGHTS)
    await page.wait_turn('assistant', containing='no hands', status='done')
    assert [turn.speaker for turn in await page.turns()] == ['user', 'assistant']
    await page.page.wait_for_function(MICROPHONE_IS_SENT)


@over_both
async def test_without_first_words_the_microphone_itself_is_sent_at_once(visit: Visit) -> None:
    page = await visit()
    async with calling(page):
        pass
    await page.wait_state('live')
    await page.page.wait_for_function(MICROPHONE_IS_SENT)


@over_both
async def test_words_said_before_muting_are_not_sent(speak: Speak) -> None:
    page = await speak(BEGINNING, 'lights', 2.0, 'hello', 1.0)
    mute = page.page.get_by_test_id('mute')
    async with calling(page):
        await page.page.wait_for_function('room.quiet')
        await mute.click()
        await mute.click()
    assert sounds_like(await page.wait_turn('user', status='done'), HELLO)


async def test_a_microphone_chosen_while_connecting_is_the_one_that_is_heard(speak: Speak) -> None:
    page = await speak(BEGINNING, 'lights', 1.0)
    async with calling(page):
        await page.page.wait_for_function('witness.tracks.length === 1')
        await choose(page, 'microphone', SECOND)
        await page.page.wait_for_function(ONE_LIVE, arg=SECOND)
        await page.page.wait_for_function('room.quiet')
    await page.wait_turn('user', containing='kitchen', status='done')
    await page.page.wait_for_function(MICROPHONE_IS_SENT)


@over_both
async def test_hanging_up_while_connecting_leaves_nothing_behind(speak: Speak) -> None:
    page = await speak(BEGINNING, 'lights', 1.0)
    async with calling(page):
        await page.page.wait_for_function('room.spoken')
        await page.hang_up()
        assert await page.microphones() == ['ended']
        assert await page.page.evaluate('sent.map(({readyState}) => readyState)') == ['ended']
    await expect(page.page.get_by_test_id('turn')).to_have_count(0)


async def test_a_browser_without_worklets_continues_without_first_words(speak: Speak) -> None:
    page = await speak(2.0, 'hello')
    await page.page.evaluate('() => { delete BaseAudioContext.prototype.audioWorklet; }')
    async with calling(page):
        pass
    await page.page.wait_for_function(MICROPHONE_IS_SENT)
    await page.wait_turn('user', containing='hear me', status='done')


@asynccontextmanager
async def calling(page: WitnessedPage) -> AsyncIterator[None]:
    """Press the button. While the context lasts, the call keeps connecting, and nobody hears what is said."""
    await page.page.evaluate(f'() => {{ {ROOM} {{ {HOLD} }} }}')
    await page.page.evaluate(SENT)
    await page.page.evaluate('(step) => hold.at(step)', 'relay' if page.transport == 'relay' else 'offer')
    await page.press_call()
    yield
    await page.page.evaluate('hold.release()')


SENT = """async () => {
    window.sent = [];
    const { Route } = await import("route");
    const { sendSound } = Route.prototype;
    Route.prototype.sendSound = function (track) {
        sent.push(track);
        return sendSound.call(this, track);
    };
}"""
"""Records all tracks that the page has sent."""

MICROPHONE_IS_SENT = 'sent.length > 1 && sent.at(-1) === witness.tracks.at(-1)'
