"""Writing instead of speaking, in the same conversation, and stopping an answer."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Locator, expect

from tests import speech
from tests.conftest import OpenPage
from tests.e2e.conftest import Visit
from tests.e2e.witness import WITNESS, WitnessedPage
from tests.parley import Parley

PHONE: dict[str, Any] = {'viewport': {'width': 360, 'height': 640}, 'is_mobile': True, 'has_touch': True}
MOON = 'Tell me about the moon.'
IN_WRITING = 'No microphone: type, and hear the answer.'


@pytest.mark.parametrize(
    ('transport', 'device'), [('webrtc', {}), ('webrtc', PHONE), ('relay', {})], ids=['desktop', 'phone', 'relay']
)
async def test_a_written_sentence_is_answered_aloud_and_a_microphone_is_added_later(
    visit: Visit, device: dict[str, Any]
) -> None:
    page = await visit(**device)
    await write(page, 'What is 2 + 3?')
    await page.wait_turn('user', containing='What is 2 + 3?', status='done')
    await page.wait_turn('assistant', containing='2 plus 3 is 5.', status='done')
    await page.wait_voice()
    await expect(box(page)).to_have_value('')
    await expect(page.page).to_have_title('● Parley')
    await expect(page.page.locator('link[rel~=icon]')).to_have_attribute('href', re.compile('^data:image/svg'))
    assert [turn.speaker for turn in await page.turns()] == ['user', 'assistant']
    await expect(page.status_line).to_have_text(IN_WRITING)
    await page.wait_rung('microphone', 'skipped')
    assert await page.microphones() == [], 'writing does not even ask for one'
    await expect(page.page.get_by_test_id('mute')).to_be_hidden()

    await page.page.get_by_test_id('add-microphone').click()
    await expect(page.status_line).to_have_text('Listening. Just talk.')
    assert await page.microphones() == ['live']
    await expect(page.page.get_by_test_id('mute')).to_be_visible()
    await expect(page.page.get_by_test_id('add-microphone')).to_have_count(0)


@pytest.mark.parametrize('transport', ['webrtc', 'relay'])
async def test_a_microphone_that_is_added_is_heard(
    parley: Parley, open_page: OpenPage, transport: Literal['webrtc', 'relay'], tmp_path: Path
) -> None:
    sound = speech.microphone(tmp_path / 'mic.wav', 1.0, 'what_time_is_it', 1.0)
    page = WitnessedPage(await open_page(sound, init_script=WITNESS), parley.url)
    await page.open()
    await page.choose_transport(transport)
    await write(page, 'Hello')
    await page.wait_turn('assistant', status='done')
    await page.page.get_by_test_id('add-microphone').click()
    await page.wait_turn('user', containing='What time is it?', status='done')
    await page.wait_turn('assistant', containing='It is ')


async def test_writing_while_the_ai_speaks_interrupts_it(visit: Visit) -> None:
    page = await visit()
    await write(page, MOON)
    await page.wait_voice()
    await write(page, 'Please stop')
    await page.wait_turn('assistant', containing='All right.', status='done')
    turns = [(turn.speaker, turn.status) for turn in await page.turns()]
    assert turns == [('user', 'done'), ('assistant', 'interrupted'), ('user', 'done'), ('assistant', 'done')]
    assert await page.refusals() == set()


async def test_hasty_messages_are_all_said_and_the_last_one_is_answered(visit: Visit) -> None:
    page = await visit()
    await page.call()
    for number in range(1, 6):
        await write(page, f'What is {number} + 10?')
    await page.wait_turn('assistant', containing='5 plus 10 is 15.', status='done')
    users = [turn.text for turn in await page.turns() if turn.speaker == 'user']
    assert users == [f'What is {number} + 10?' for number in range(1, 6)]
    assert await page.refusals() == set()


async def test_esc_in_the_empty_box_ends_an_answer(visit: Visit) -> None:
    page = await visit()
    stop = page.page.get_by_test_id('stop-answer')
    await expect(stop).to_have_count(0)
    await write(page, MOON)
    await page.page.wait_for_function('ear.loudness.filter(([, rms]) => rms > 0.01).length > 75')  # over 1.5 s of it
    await page.wait_turn('assistant', containing='a little more than a second to reach us.')  # all is written, not said
    await box(page).press('Escape')  # as in the page around it, since nothing is written here
    await page.wait_turn('assistant', status='interrupted')
    await page.wait_silence(lasting=0.3)
    unheard = page.page.get_by_role('note', name='Not heard')
    await expect(unheard).to_contain_text('takes a little more than a second to reach us.')
    await expect(unheard).not_to_contain_text('The moon')
    await expect(stop).to_have_count(0)
    await expect(page.status_line).to_have_text(IN_WRITING)
    assert await page.refusals() == set()
    assert 'output_audio_buffer.stopped' not in await page.received()


async def test_answers_come_as_text_alone_if_that_is_chosen(visit: Visit) -> None:
    page = await visit()
    await page.choose('output', 'Text only')
    await write(page, MOON)
    await page.wait_turn('assistant', containing='The moon moves away', status='done')
    await page.wait_logged('response.done')
    await expect(page.status_line).to_have_text(IN_WRITING)
    received = await page.received()
    assert 'response.output_text.done' in received
    assert [type_ for type_ in received if 'audio' in type_] == []
    assert await page.remote_voice_energy() < 0.001


async def test_an_answer_is_asked_for_again_and_a_message_edited(visit: Visit) -> None:
    """Replaced turns are gone from the page, the service and the database, also when another call was told of it."""
    page = await visit()
    await page.choose('output', 'Text only')
    await write(page, 'What is 2 + 3?')
    first = await page.wait_turn('assistant', containing='5', status='done')
    await page.page.get_by_test_id('turn-again').press('Enter')
    await expect(page.page.locator(f'[data-item-id={first.item_id}]')).to_have_count(0)
    await page.wait_turn('assistant', containing='5', status='done')

    await edit(page, 'What is 20 + 30?')
    await page.wait_turn('assistant', containing='50', status='done')
    assert [turn.text for turn in await page.turns() if turn.speaker == 'user'] == ['What is 20 + 30?']
    assert len(await page.turns()) == 2
    assert (await page.received()).count('conversation.item.deleted') == 3
    assert await page.refusals() == set()

    await page.hang_up()
    await page.page.reload()
    await page.wait_turn('assistant', containing='50', status='done')
    await expect(page.page.get_by_test_id('turn')).to_have_count(2)
    await expect(box(page)).to_have_value('')
    await edit(page, 'What is 200 + 300?')  # places a call
    await page.wait_turn('assistant', containing='500', status='done')
    assert [turn.speaker for turn in await page.turns()] == ['user', 'assistant']
    assert (await page.received()).count('conversation.item.deleted') == 2
    assert await page.refusals() == set()


async def edit(page: WitnessedPage, text: str) -> None:
    await page.page.get_by_test_id('turn-edit').press('Enter')
    await page.page.get_by_test_id('turn-editor').fill(text)
    await page.page.get_by_test_id('turn-editor').press('Enter')


async def test_written_words_stay_when_the_call_fails(visit: Visit) -> None:
    page = await visit()
    await page.page.route('**/realtime/calls', lambda route: route.fulfill(status=401))
    await write(page, 'Are you there?')
    await page.wait_state('failed')
    await expect(box(page)).to_have_value('Are you there?')
    await expect(box(page)).to_be_editable()
    await expect(page.page.get_by_test_id('message-note')).to_have_text(
        'This was not sent. It stays here until you send it again.'
    )
    assert await page.turns() == []
    await page.page.reload()
    await expect(box(page)).to_have_value('Are you there?')


async def test_enter_sends_and_shift_enter_begins_a_line(visit: Visit) -> None:
    page = await visit()
    await page.call()
    height = await box(page).evaluate('(box) => box.clientHeight')
    await box(page).press_sequentially('One')
    await box(page).press('Shift+Enter')
    await box(page).press_sequentially('two')
    await expect(box(page)).to_have_value('One\ntwo')
    await page.page.wait_for_function(f'document.querySelector("[data-testid=message-box]").clientHeight > {height}')
    await box(page).press('Enter')
    await page.wait_turn('user', containing='One\ntwo', status='done')
    await expect(box(page)).to_have_value('')


async def test_an_example_is_said_at_a_press(visit: Visit) -> None:
    page = await visit()
    await box(page).fill('A draft')
    await page.page.get_by_role('button', name='What can you do?').press('Enter')
    await page.wait_turn('user', containing='What can you do?', status='done')
    await page.wait_turn('assistant')
    await expect(box(page)).to_have_value('A draft')
    await page.hang_up()
    await expect(page.page).to_have_title('Parley')


async def test_nothing_is_not_sent(visit: Visit) -> None:
    page = await visit()
    await box(page).fill('  \n ')
    await expect(page.page.get_by_test_id('send-message')).to_be_disabled()
    await box(page).press('Enter')
    await expect(box(page)).to_have_value('  \n ')
    assert await page.state() == 'idle'


def box(page: WitnessedPage) -> Locator:
    return page.page.get_by_test_id('message-box')


async def write(page: WitnessedPage, text: str) -> None:
    """Write into the box and send it."""
    await box(page).fill(text)
    await page.page.get_by_test_id('send-message').click()
