"""Turns by hand that begin on the way up: their sound is kept, and their end is told after it has been given."""

import pytest
from playwright.async_api import expect

from components.words.language import ENGLISH
from tests.e2e.conftest import Speak, Visit
from tests.e2e.conversation.test_conversation import LIGHTS
from tests.e2e.conversation.test_first_words import BEGINNING, MICROPHONE_IS_SENT, calling
from tests.e2e.conversation.test_hearing import HOLD, heard, sent
from tests.e2e.witness import ROOM, WitnessedPage, sounds_like

EARLY = ENGLISH.text('call.talking.early')
A_TURN = ['input_audio_buffer.clear', 'input_audio_buffer.commit', 'response.create']


@pytest.mark.parametrize(
    ('transport', 'live'), [('webrtc', 'before it ends'), ('webrtc', 'after it'), ('relay', 'after it')]
)
async def test_a_turn_begun_on_the_way_up_arrives_whole_and_is_answered(speak: Speak, live: str) -> None:
    page = await by_hand(await speak(BEGINNING, 'lights', 1.0))
    talk = page.page.get_by_test_id('talk')
    async with calling(page):
        await talk.hover()
        await page.page.mouse.down()
        await expect(page.status_line).to_have_text(EARLY)
        await page.page.wait_for_function('performance.now() > room.since + 900')
        if live == 'after it':
            await page.wait_said()
            await page.page.mouse.up()
            await expect(talk).to_have_attribute('data-talk', 'off')
    await page.wait_state('live')
    if live == 'before it ends':
        await page.wait_said()
        await page.page.mouse.up()
    assert sounds_like(await page.wait_turn('user', status='done'), LIGHTS)
    await page.wait_turn('assistant', containing='no hands', status='done')
    assert [turn.speaker for turn in await page.turns()] == ['user', 'assistant']
    assert await heard(page) is False
    await page.page.wait_for_function(MICROPHONE_IS_SENT)
    await page.wait_logged('output_audio_buffer.stopped')
    assert await sent(page) == A_TURN


async def test_a_turn_taken_up_again_on_the_way_up_is_one_turn(speak: Speak) -> None:
    page = await by_hand(await speak(BEGINNING, 'lights', 1.0))
    async with calling(page):
        await page.page.keyboard.down(' ')
        await page.page.wait_for_function('performance.now() > room.since + 900')
        await page.page.keyboard.up(' ')
        await page.page.keyboard.down(' ')
        await page.wait_said()
        await page.page.keyboard.up(' ')
    assert sounds_like(await page.wait_turn('user', status='done'), LIGHTS)
    await page.wait_turn('assistant', containing='no hands', status='done')
    assert await sent(page) == A_TURN


async def test_the_space_bar_that_calls_is_held_to_talk_and_tapped_to_call(speak: Speak) -> None:
    page = await by_hand(await speak(1.0, 'hello', 1.0))
    await page.page.keyboard.press(' ')
    await page.wait_state('live')
    await expect(page.status_line).to_have_text(HOLD)
    await page.hang_up()

    await page.page.evaluate(f'() => {{ {ROOM} }}')
    await page.page.keyboard.down(' ')
    await page.wait_said()
    await page.page.keyboard.up(' ')
    await page.wait_turn('user', containing='you hear me', status='done')
    await page.wait_turn('assistant', containing='hear you', status='done')


async def test_a_turn_in_which_nobody_spoke_is_not_sent(visit: Visit) -> None:
    page = await by_hand(await visit())
    async with calling(page):
        await page.page.wait_for_function('witness.tracks.length === 1')
        await page.page.get_by_test_id('talk').click(delay=400)
    await page.wait_state('live')
    await page.page.wait_for_function(MICROPHONE_IS_SENT)
    await expect(page.status_line).to_have_text(HOLD)

    await page.page.keyboard.press('Escape')
    await page.page.keyboard.down(' ')  # the next one is a turn like any other
    await page.page.wait_for_function('witness.tracks.at(-1).enabled')
    assert await page.page.evaluate('witness.sent.map(({ type }) => type)') == [A_TURN[0], A_TURN[0]]


@pytest.mark.parametrize('over', ['hung up', 'failed', 'called anew'])
async def test_nothing_sticks_of_a_turn_whose_call_was_not_placed(visit: Visit, over: str) -> None:
    page = await by_hand(await visit())
    talk = page.page.get_by_test_id('talk')
    element = 'getElement(document.querySelector(".call").id.slice(1))'
    async with calling(page):
        await talk.click()
        await expect(talk).to_have_attribute('data-talk', 'kept')
        await page.page.wait_for_function('witness.tracks.length === 1')
        if over == 'hung up':
            await page.press_call()
        elif over == 'failed':
            await page.page.evaluate(f'{element}.fail("provider_unreachable")')
        else:
            await page.page.evaluate(f'{element}.call_again()')
    if over == 'hung up':
        await page.wait_state('ended')
    elif over == 'failed':
        await page.wait_state('failed')
    if over != 'called anew':
        await expect(talk).to_have_count(0)
        assert await page.microphones() == ['ended']
        await page.call()
    await page.wait_state('live')
    await expect(talk).to_have_attribute('data-talk', 'off')
    await expect(page.status_line).to_have_text(HOLD)
    assert await heard(page) is False
    assert await page.page.evaluate('witness.sent') == []


async def by_hand(page: WitnessedPage) -> WitnessedPage:
    """Let the page take turns by hand."""
    mode = page.page.get_by_test_id('push-to-talk')
    await mode.click()
    await expect(mode).to_have_attribute('aria-pressed', 'true')
    return page
