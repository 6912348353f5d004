"""The main job on real input: a sentence spoken into Chromium's microphone is answered, heard and read."""

import asyncio
import itertools
import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Speak, Visit, over_both
from tests.e2e.lines import CAPACITY, Lines
from tests.e2e.witness import HOLD, ON_CUE, WitnessedPage, sounds_like, spoken
from tests.page import choose

HELLO = 'hello can you hear me'
LIGHTS = 'turn on the lights in the kitchen'

LISTENING = 'Listening. Just talk.'
COMMITTED = 'input_audio_buffer.committed'


@over_both
async def test_a_spoken_sentence_is_read_and_answered_aloud(speak: Speak) -> None:
    page = await speak(2.5, 'hello')
    await expect(page.status_line).to_have_text('Press the button and talk.')

    await page.call()
    said = await page.wait_turn('user', status='done')
    answer = await page.wait_turn('assistant', status='done')
    assert sounds_like(said, HELLO)
    assert 'I can hear you' in answer.text
    assert await page.turns() == [said, answer]

    await page.wait_voice()
    await page.wait_received('output_audio_buffer.stopped')
    await page.wait_silence()
    await expect(page.status_line).to_have_text(LISTENING)
    assert await page.sentences() == [
        'Press the button and talk.',
        'Getting ready …',
        'Connecting …',
        LISTENING,
        'You are speaking …',
        'Thinking …',
        'AI speaking. Talk to interrupt.',
        LISTENING,
    ]


async def test_turns_are_read_while_they_are_spoken_and_open_until_they_are_complete(speak: Speak) -> None:
    page = await speak(1.5, 'lights', 'what_time_is_it')
    await page.call()
    said = await page.wait_turn('user', status='done')
    answer = await page.wait_turn('assistant', status='done')
    received = await page.received()
    assert received.index('conversation.item.input_audio_transcription.delta') < received.index(COMMITTED)
    versions = await page.versions('user')
    assert (versions[0], versions[-1]) == (('open', ''), ('done', said.text))
    heard = [text for status, text in versions if status == 'open' and text]
    assert heard
    assert said.text.startswith(heard[0])

    *growing, last = await page.versions('assistant')
    assert last == ('done', answer.text)
    assert {status for status, _ in growing} <= {'open'}  # on a fast machine all words may come in one go, too
    texts = [text for _, text in [*growing, last]]
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(texts))


async def test_speaking_interrupts_the_answer(speak: Speak) -> None:
    page = await speak(1.5, 'moon', 7.0, 'stop')
    await page.call()
    await page.wait_turn('assistant', containing='The moon moves away', status='done')
    await page.wait_voice()

    await page.wait_turn('assistant', status='interrupted')
    await page.wait_silence(lasting=0.3)
    assert 'output_audio_buffer.stopped' not in await page.received()

    await page.wait_turn('user', containing='stop', status='done')
    await page.wait_turn('assistant', containing='All right.', status='done')
    turns = [(turn.speaker, turn.status) for turn in await page.turns()]
    assert turns == [('user', 'done'), ('assistant', 'interrupted'), ('user', 'done'), ('assistant', 'done')]
    await page.wait_received('output_audio_buffer.stopped')  # the second answer was heard to its end


async def test_the_way_up_and_the_time_are_shown(visit: Visit) -> None:
    page = await visit()
    timer = page.page.get_by_test_id('call-timer')
    await expect(timer).to_have_text('')
    await page.page.get_by_role('button', name='Call status').click()
    await page.wait_rungs('waiting')

    await page.call()
    await expect(page.page.get_by_test_id('ladder-total')).to_have_text(re.compile(r'^Live after \d'))
    rungs = await page.rungs()
    assert [rung.rung for rung in rungs] == ['microphone', 'key', 'offer', 'network', 'channel', 'session']
    assert {rung.state for rung in rungs} == {'done'}
    for rung in rungs:
        assert re.fullmatch(rf'{rung.rung.capitalize()} done (\d+ ms|\d+\.\d s)', rung.text)
    await expect(timer).to_have_text(re.compile('00:0[2-9]'))

    await page.hang_up()
    assert await timer.text_content() != '00:00'


@over_both
async def test_hanging_up_in_the_middle_of_an_answer_frees_microphone_and_line(speak: Speak, lines: Lines) -> None:
    page = await speak(1.5, 'moon')
    await page.call()
    await lines.take(CAPACITY - 1)
    await page.wait_voice()
    assert await page.microphones() == ['live']

    await page.hang_up()
    assert await page.microphones() == ['ended']
    assert await page.page.evaluate('document.getElementById("remote-voice").srcObject') is None
    await lines.wait_free(1)
    await expect(page.status_line).to_have_text('Call ended. Press the button to talk again.')


async def test_an_answer_grows_word_by_word_and_stays_unfinished_when_the_call_ends(visit: Visit) -> None:
    page = await visit()
    await page.call()
    turn = page.page.get_by_test_id('turn')
    for word, so_far in [('I', 'I'), (' was', 'I was'), (' about', 'I was about')]:
        await page.deliver(spoken(word))
        await expect(turn.get_by_test_id('turn-text')).to_have_text(so_far)
        await expect(turn).to_have_attribute('data-status', 'open')
    await page.hang_up()
    await page.wait_turn('assistant', containing='the call ended', status='interrupted')


async def test_two_calls_in_a_row_make_one_conversation(visit: Visit, lines: Lines) -> None:
    page = await visit(init_script=ON_CUE)
    await lines.take(CAPACITY - 1)  # so that each call needs the line of the one before
    for number in (1, 2):
        await page.call()
        await page.say('hello')
        answer = page.page.locator('[data-speaker=assistant]').nth(number - 1)
        await expect(answer).to_have_attribute('data-status', 'done')
        await page.wait_voice()
        await page.hang_up()
        assert await page.microphones() == ['ended'] * number
        await lines.wait_free(1)
        await lines.free()
    turns = await page.turns()
    assert [turn.speaker for turn in turns] == ['user', 'assistant'] * 2
    assert all(sounds_like(turn, HELLO) for turn in turns[::2])


async def test_two_pages_at_once_stay_apart(visit: Visit) -> None:
    one, other = await asyncio.gather(visit(init_script=ON_CUE), visit(init_script=ON_CUE))
    await asyncio.gather(one.call(), other.call())
    await asyncio.gather(one.say('hello'), other.say('what_time_is_it'))
    for page in (one, other):
        await page.wait_turn('assistant', status='done')
        await page.wait_received('output_audio_buffer.stopped')
    said, answer = await one.turns()
    assert sounds_like(said, HELLO)
    assert 'hear you' in answer.text
    said, answer = await other.turns()
    assert sounds_like(said, 'what time is it')
    assert answer.text.startswith('It is ')


@over_both
async def test_loading_the_page_again_ends_the_call(visit: Visit, lines: Lines) -> None:
    page = await visit()
    await page.call()
    await lines.take(CAPACITY - 1)
    await page.open()
    await lines.wait_free(1)
    await lines.free()
    assert await page.state() == 'idle'
    await expect(page.status_line).to_have_text('Press the button and talk.')
    assert await page.rungs() == []  # nobody looks at the status
    await page.call()


@pytest.mark.parametrize(
    ('transport', 'held', 'passed'),
    [
        ('webrtc', 'microphone', 'channel'),
        ('webrtc', 'offer', 'key'),
        ('relay', 'microphone', 'channel'),
        ('relay', 'relay', 'key'),
    ],
)
async def test_pressing_the_button_on_the_way_up_cancels(visit: Visit, lines: Lines, held: str, passed: str) -> None:
    page = await visit(init_script=HOLD)
    await page.page.evaluate('(held) => hold.at(held)', held)
    await page.press_call()
    await page.wait_rung(held, 'active')
    await page.wait_rung(passed, 'done')
    await page.wait_state('connecting')

    await page.hang_up()
    await expect(page.status_line).to_have_text('Call ended. Press the button to talk again.')
    await expect(page.page.locator('[data-testid=ladder-rung][data-state=active]')).to_have_count(0)
    await page.page.evaluate('hold.release()')
    await page.page.wait_for_function(
        'witness.tracks.length === 1 && witness.tracks.every(({readyState}) => readyState === "ended")'
    )
    await lines.wait_free(CAPACITY)
    await lines.free()
    await page.call()


async def test_the_event_log_shows_what_went_to_and_fro(visit: Visit) -> None:
    page = await visit()
    await page.page.get_by_role('button', name='Call status').click()
    await page.call()
    await choose(await page.setting('persona'), 1)
    await page.wait_logged('session.updated')
    assert await page.events() == ['session.created', 'session.update', 'session.updated']

    await page.page.get_by_test_id('event-filter').fill('updated')
    row = page.event_log.get_by_test_id('event-row').filter(visible=True)
    await expect(row).to_have_count(1)
    await expect(row).to_have_attribute('data-direction', 'received')
    await row.locator('summary').click()
    await expect(row.locator('pre')).to_contain_text('"type": "session.updated"')
    await expect(row.locator('pre')).to_contain_text('"instructions": ')


async def test_a_call_on_a_small_phone_in_the_dark(visit: Visit) -> None:
    phone: dict[str, Any] = {'viewport': {'width': 360, 'height': 640}, 'is_mobile': True, 'has_touch': True}
    page = await visit(color_scheme='dark', **phone)
    await assert_fits(page)
    await page.call_button.tap()
    await page.wait_state('live')
    await page.deliver(spoken('A word that does not end: ' + 60 * 'abc'))
    await page.wait_turn('assistant', containing='A word that does not end')
    await assert_fits(page)
    assert await is_dark(page)
    await page.page.evaluate('document.body.classList.remove("body--dark")')
    assert await is_dark(page), 'the page is bright until Quasar knows the theme'


async def is_dark(page: WitnessedPage) -> bool:
    background = await page.page.evaluate('getComputedStyle(document.body).backgroundColor')
    return all(int(part) < 64 for part in re.findall(r'\d+', background))


async def assert_fits(page: WitnessedPage) -> None:
    """The button can be seen, and nothing hangs over the edge."""
    await expect(page.call_button).to_be_in_viewport(ratio=1)
    conversation = page.page.get_by_role('region', name='Conversation')
    for part in (page.page.locator('html'), conversation):
        assert await part.evaluate('({scrollWidth, clientWidth}) => scrollWidth <= clientWidth')
