"""Mute, and turns that are taken by hand with the button, the thumb and the space bar."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Speak, Visit
from tests.e2e.conversation.test_conversation import LIGHTS, LISTENING
from tests.e2e.witness import ON_CUE, WitnessedPage, sounds_like, spoken

MUTED = 'Muted. Nobody hears you.'
HOLD = 'Hold the button or the space bar and talk.'


async def test_nothing_is_heard_while_muted_and_a_note_says_so(visit: Visit) -> None:
    page = await visit(init_script=ON_CUE)
    mute = page.page.get_by_role('button', name='Mute')
    await mute.click()
    await expect(mute).to_have_attribute('aria-pressed', 'true')
    await page.call()
    await expect(page.status_line).to_have_text(MUTED)
    assert await heard(page) is False

    await page.say('hello')
    await expect(page.status_line).to_contain_text('You are muted. Press M')
    assert await page.received() == ['session.created']
    await mute.click()
    await expect(page.status_line).to_have_text(LISTENING)
    assert await heard(page) is True
    await page.say('lights')
    assert sounds_like(await page.wait_turn('user', status='done'), LIGHTS)


async def test_muting_lasts_from_call_to_call_and_leaves_no_microphone_on(visit: Visit) -> None:
    page = await visit(init_script=CLONES)
    await page.page.get_by_test_id('mute').click()
    for _ in range(2):
        await page.call()
        await expect(page.status_line).to_have_text(MUTED)
        await page.hang_up()
    assert set(await page.microphones()) == {'ended'}
    assert await page.page.evaluate('clones.length > 0 && clones.every(({readyState}) => readyState === "ended")')


async def test_the_space_bar_is_held_while_talking(visit: Visit) -> None:
    page = await visit(init_script=ON_CUE)
    await take_turns_by_hand(page)
    await page.call()
    await expect(page.status_line).to_have_text(HOLD)
    assert await heard(page) is False

    await page.page.keyboard.down(' ')
    await expect(page.status_line).to_have_text('Listening. Release to send.')
    assert await heard(page) is True
    await page.say('hello')
    await page.page.keyboard.up(' ')
    await page.wait_turn('user', containing='you hear me', status='done')
    await page.wait_turn('assistant', containing='hear you', status='done')
    assert await heard(page) is False
    await page.wait_logged('output_audio_buffer.stopped')
    assert await sent(page) == ['input_audio_buffer.clear', 'input_audio_buffer.commit', 'response.create']
    assert await page.state() == 'live'


async def test_a_turn_by_hand_without_speech_shows_no_turn_and_asks_for_no_answer(visit: Visit) -> None:
    page = await visit()
    await take_turns_by_hand(page)
    await page.call()
    await page.page.keyboard.press(' ')
    await page.wait_logged('input_audio_buffer.cleared')
    await page.page.keyboard.press(' ')
    await page.wait_logged('conversation.item.input_audio_transcription.completed')
    await expect(page.status_line).to_have_text(HOLD)
    await page.deliver(spoken('And now?'))
    await page.wait_turn('assistant', containing='And now?')
    assert [turn.speaker for turn in await page.turns()] == ['assistant']
    assert await sent(page) == ['input_audio_buffer.clear', 'input_audio_buffer.commit']


async def test_a_tap_keeps_the_button_pressed_on_a_phone(visit: Visit) -> None:
    page = await visit(init_script=ON_CUE, viewport={'width': 360, 'height': 640})
    await take_turns_by_hand(page)
    await page.call()
    talk = page.page.get_by_test_id('talk')
    await expect(talk).to_be_in_viewport(ratio=1)
    await talk.dispatch_event('click', {'detail': 0})  # as a screen reader does it, which cannot hold
    await expect(talk).to_have_attribute('data-talk', 'kept')
    await expect(page.status_line).to_have_text('Listening. Press again to send.')
    await page.say('hello')
    await talk.click()
    await expect(talk).to_have_attribute('data-talk', 'off')
    await page.wait_turn('user', containing='you hear me', status='done')
    await page.wait_turn('assistant', containing='hear you', status='done')


async def test_taking_a_turn_interrupts_the_answer(speak: Speak) -> None:
    page = await speak(1.5, 'moon')
    await page.call()
    await page.wait_turn('assistant', containing='The moon moves away', status='done')
    await page.wait_voice()
    await page.page.get_by_test_id('push-to-talk').click()
    await page.wait_logged('session.updated')
    await expect(page.page.get_by_test_id('talk')).to_be_visible()

    await page.page.get_by_test_id('talk').hover()
    await page.page.mouse.down()
    await page.wait_turn('assistant', status='interrupted')
    await page.wait_silence(lasting=0.3)
    assert 'output_audio_buffer.stopped' not in await page.received()


async def test_an_answer_that_nobody_may_interrupt_is_heard_to_its_end(speak: Speak) -> None:
    page = await speak(1.5, 'lights', 2.5, 'stop')
    await (await page.setting('interruption')).click()
    await page.call()
    await page.wait_turn('user', containing='stop', status='done')
    await page.wait_received('output_audio_buffer.stopped')
    assert 'output_audio_buffer.cleared' not in await page.received()
    assert next(turn.status for turn in await page.turns() if turn.speaker == 'assistant') == 'done'


@pytest.mark.parametrize('live', [False, True])
async def test_how_turns_are_taken_is_a_setting_like_others(visit: Visit, live: bool) -> None:
    page = await visit()
    if live:
        await page.call()
    await take_turns_by_hand(page)
    if live:
        await page.wait_logged('session.updated')
    else:
        await page.call()
    turns = 'witness.received.at(-1).session.audio.input.turn_detection'
    assert await page.page.evaluate(turns) is None
    assert await heard(page) is False

    setting = await page.setting('turn-detection')
    await expect(setting).to_have_text(re.compile('Push to talk'))
    await page.page.get_by_test_id('hands-free').click()
    await expect(setting).to_have_text('A pause ends my turn')
    await page.wait_logged('session.updated', count=2 if live else 1)
    assert (await page.page.evaluate(turns))['type'] == 'server_vad'
    await expect(page.status_line).to_have_text(LISTENING)
    assert await heard(page) is True


async def take_turns_by_hand(page: WitnessedPage) -> None:
    mode = page.page.get_by_test_id('push-to-talk')
    await mode.click()
    await expect(mode).to_have_attribute('aria-pressed', 'true')


async def heard(page: WitnessedPage) -> bool:
    """Whether the sound of the microphone is sent."""
    return bool(await page.page.evaluate('witness.tracks.at(-1).enabled'))


async def sent(page: WitnessedPage) -> list[str]:
    """The types of all events that the page has sent, as the log has them."""
    rows = page.event_log.locator('[data-testid=event-row][data-direction=sent]')
    return [await row.get_attribute('data-type') or '' for row in await rows.all()]


CLONES = """
    window.clones = [];
    const clone = MediaStream.prototype.clone;
    MediaStream.prototype.clone = function () {
        const copy = clone.call(this);
        clones.push(...copy.getTracks());
        return copy;
    };
"""
"""Keeps all tracks that the page made copies of, where `microphones` tells of those that it opened."""
