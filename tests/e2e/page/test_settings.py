"""The settings in a running Parley: what is kept, what a running call is told, and what the next one begins with."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from openai.types.realtime import ConversationItemCreateEvent, SessionUpdateEvent
from playwright.async_api import Locator, Route, expect

from components.engine.minds.mind import Piece, Prompt
from components.settings.personas.personas import BUILT_IN
from tests import speech
from tests.conftest import OpenPage, OpenParley, StartParley
from tests.e2e.stand_in import StandIn
from tests.page import ParleyPage, open_dropdown, pick
from tests.parley import Parley

MARKUP = '<img src="/nowhere" onerror="window.hacked = true"><b class="intruder">bold</b>'


# Falsifies the speed on its way to the service, which then refuses it.
TOO_FAST = """
    for (const { prototype } of [RTCDataChannel, WebSocket]) {
        const { send } = prototype;
        prototype.send = function (data) {
            send.call(this, data.replace?.(/^({.*"speed":)[\\d.]+/, "$1 99") ?? data);
        };
    }
"""


class MarkupMind:
    """Answers with HTML, as a language model may."""

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        yield MARKUP


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def service() -> AsyncIterator[StandIn]:
    async with StandIn(mind=MarkupMind()) as service:
        yield service


async def test_each_browser_keeps_its_settings_over_reloads_and_restarts(
    start_parley: StartParley, open_parley: OpenParley
) -> None:
    parley = await start_parley()
    page, other = await open_parley(parley), await open_parley(parley)
    await page.choose('voice', 'cedar')
    await write_instructions(page, 'Only rhyme.')
    await other.choose('persona', BUILT_IN['coach'].name)

    await page.open()
    await assert_settings(page, voice='cedar', persona='Assistant', instructions='Only rhyme.')
    for visit in (page, other):
        await visit.page.goto('about:blank')  # a page that is open during a restart reloads by itself
    await parley.stop()
    await parley.start()
    await page.open()
    await assert_settings(page, voice='cedar', persona='Assistant', instructions='Only rhyme.')
    await other.open()
    coach = BUILT_IN['coach']
    await assert_settings(other, voice=coach.voice, persona=coach.name, instructions=coach.instructions)


async def test_a_change_during_a_call_is_one_small_update(program: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(program)
    await page.call()

    tutor = BUILT_IN['tutor']
    await page.choose('persona', tutor.name)
    expected: list[dict[str, Any]] = [{'type': 'realtime', 'instructions': tutor.instructions}]
    await assert_updates(page, expected)

    await write_instructions(page, 'Only rhyme.')
    expected.append({'type': 'realtime', 'instructions': 'Only rhyme.'})
    await assert_updates(page, expected)

    await page.choose('language', 'Deutsch')
    transcription = {'model': 'gpt-realtime-whisper', 'language': 'de'}
    expected.append(
        {
            'type': 'realtime',
            'instructions': 'Only rhyme.\n\nSpeak German unless asked otherwise.',
            'audio': {'input': {'transcription': transcription}},
        }
    )
    await assert_updates(page, expected)


async def test_a_refused_change_is_put_back_and_the_reason_told(program: Parley, open_page: OpenPage) -> None:
    page = await ParleyPage(await open_page(init_script=TOO_FAST), program.url).open()
    await page.call()
    await page.choose('reasoning', 'High')
    speed = await page.setting('speed')
    await speed.press('End')
    await expect(page.page.get_by_role('alert')).to_contain_text('did not accept the change')
    await expect(page.page.get_by_role('alert')).to_contain_text("'session.audio.output.speed'")
    await expect(page.page.get_by_test_id('settings-speed-value')).to_have_text('1.00 ×')
    await expect(speed).to_have_value('1')
    await expect(page.page.get_by_test_id('settings-reasoning')).to_have_text('High')

    await page.choose('answer-length', 'Short')  # the rest of the call goes on from what was agreed
    updates = await logged(page, 'session.update', count=3)
    assert updates[-1]['session'] == {'type': 'realtime', 'max_output_tokens': 400}
    await page.open()
    await page.setting('speed')
    await expect(page.page.get_by_test_id('settings-speed-value')).to_have_text('1.00 ×')


async def test_a_change_on_the_way_up_is_told_as_soon_as_the_call_is_live(
    program: Parley, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await page.page.route('**/realtime/calls', hold)
    await page.press_call()
    await page.wait_state('connecting')
    await write_instructions(page, 'Only rhyme.')
    released.set()
    await page.wait_state('live')
    await assert_updates(page, [{'type': 'realtime', 'instructions': 'Only rhyme.'}])


async def test_a_setting_that_a_call_cannot_change_says_so_and_sends_nothing(
    program: Parley, service: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    new_call = page.page.get_by_text('new call', exact=True)
    await expect(new_call.first).not_to_be_visible()
    most_used = [page.page.get_by_test_id(f'settings-{name}') for name in ('persona', 'voice', 'language', 'speed')]
    for control in most_used:
        await expect(control).to_be_in_viewport(ratio=1)  # without scrolling
    await page.wait_still()
    places = [await control.bounding_box() for control in most_used]
    await page.call()
    for name in ('voice', 'model', 'provider'):
        await page.setting(name)
        await expect(setting(page, name).get_by_text('new call')).to_be_visible()
    assert [await control.bounding_box() for control in most_used] == places  # the words move nothing

    await page.choose('voice', 'ash')
    await page.choose('model', 'gpt-realtime-1.5')
    await page.choose('provider', 'Parley engine')
    await page.choose('provider', f'127.0.0.1:{service.port}')
    await write_instructions(page, 'Only rhyme.')  # whose update would come after theirs
    await assert_updates(page, [{'type': 'realtime', 'instructions': 'Only rhyme.'}])


async def test_the_next_call_begins_with_what_was_changed(program: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(program)
    await page.call()
    await page.choose('voice', 'ash')
    await page.choose('model', 'gpt-realtime-1.5')
    await page.hang_up()
    await page.call()
    begun = [event['session'] for event in await logged(page, 'session.created', count=2)]
    assert [session['model'] for session in begun] == ['gpt-realtime-2.1-mini', 'gpt-realtime-1.5']
    assert [session['audio']['output']['voice'] for session in begun] == ['marin', 'ash']


async def test_a_new_voice_continues_the_conversation_in_a_new_call(program: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(program, phone=True)
    offer = page.page.get_by_role('button', name='Continue with the new voice')
    await page.call()
    await say(page, 'Hello')
    await page.wait_turn('assistant', status='done')
    await page.page.get_by_role('button', name='Settings').click()
    await expect(offer).to_be_hidden()
    await page.choose('voice', 'ash')
    said = [(turn.item_id, turn.text) for turn in await page.turns()]

    await offer.click()
    _, *seeded = await logged(page, 'conversation.item.create', count=1 + len(said))  # the first was typed
    assert [event['item']['content'][0]['text'] for event in seeded] == [text for _, text in said]
    for event in seeded:
        ConversationItemCreateEvent.model_validate(event, extra='forbid', strict=True)
    created = (await logged(page, 'session.created', count=2))[-1]
    assert created['session']['audio']['output']['voice'] == 'ash'
    await expect(offer).to_be_hidden()
    await say(page, 'Hello again')
    await expect(page.page.locator('[data-testid=turn][data-speaker=assistant]')).to_have_count(2)
    turns = await page.turns()
    assert [(turn.item_id, turn.text) for turn in turns[: len(said)]] == said
    assert await logged(page, 'error', count=0) == []


async def test_the_engine_can_be_chosen_though_there_is_a_key(
    program: Parley, service: StandIn, open_parley: OpenParley
) -> None:
    page = await open_parley(program)
    options = await open_dropdown(await page.setting('provider'))
    await expect(options).to_have_text([f'127.0.0.1:{service.port}', 'Parley engine'])
    await pick(options.last)
    service.forget()
    await page.call()
    (created,) = await logged(page, 'session.created', count=1)
    assert created['session']['model'] == 'rehearsal-1'
    assert service.offers == []


async def test_a_voice_of_the_engine_is_listened_to_without_a_call(program: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(program)
    await page.choose('provider', 'Parley engine')
    await page.choose('voice', 'cedar')
    sound = page.page.locator('.voice__sound')
    await expect(sound).to_have_attribute('src', '/voices/cedar.wav')
    ended = sound.evaluate('(it) => new Promise((resolve) => it.addEventListener("ended", () => resolve(it.duration)))')
    listening = asyncio.ensure_future(ended)
    await page.page.get_by_role('button', name='Listen to this voice').click()
    assert 1 < await listening < 10


async def test_without_transcription_the_users_turn_has_no_words(
    program: Parley, open_parley: OpenParley, tmp_path: Path
) -> None:
    page = await open_parley(program, speech.microphone(tmp_path / 'mic.wav', 2.0, 'hello', 1.0))
    await (await page.setting('transcription')).click()
    await page.call()
    await page.wait_turn('assistant', status='done')
    user, _ = await page.turns()
    assert (user.speaker, user.status, user.text) == ('user', 'done', '(spoken)')


async def test_html_is_shown_as_text_wherever_it_comes_from(program: Parley, open_parley: OpenParley) -> None:
    page = await open_parley(program)
    await write_instructions(page, MARKUP)
    await page.call()
    await say(page, MARKUP)
    assert (await page.wait_turn('user', status='done')).text == MARKUP
    assert (await page.wait_turn('assistant', status='done')).text == MARKUP
    assert (await logged(page, 'session.created', count=1))[0]['session']['instructions'] == MARKUP
    await page.open()
    await assert_settings(page, voice='marin', persona='Assistant', instructions=MARKUP)
    await expect(page.page.locator('.intruder, img[src="/nowhere"]')).to_have_count(0)
    assert await page.page.evaluate('window.hacked') is None


def setting(page: ParleyPage, name: str) -> Locator:
    """A control together with what is said of it."""
    groups = page.page.get_by_role('group')  # what a setting is folded in is one, too
    return groups.filter(has=page.page.get_by_test_id(f'settings-{name}')).last


async def say(page: ParleyPage, text: str) -> None:
    """Say it in writing, which is answered as well."""
    await page.page.get_by_test_id('message-box').fill(text)
    await page.page.keyboard.press('Enter')


async def write_instructions(page: ParleyPage, text: str) -> None:
    box = await page.setting('instructions')
    await box.fill(text)
    await box.blur()
    await expect(page.page.get_by_role('button', name="Reset to the persona's own")).to_be_visible()


async def assert_settings(page: ParleyPage, *, voice: str, persona: str, instructions: str) -> None:
    await expect(page.page.get_by_test_id('settings-voice')).to_contain_text(voice)
    await expect(page.page.get_by_test_id('settings-persona')).to_contain_text(persona)
    await expect(await page.setting('instructions')).to_have_value(instructions)


async def assert_updates(page: ParleyPage, sessions: list[dict[str, Any]]) -> None:
    """The call has sent a session.update for each of these sessions, no other, and the service has taken them all."""
    await logged(page, 'session.updated', count=len(sessions))
    updates = await logged(page, 'session.update', count=len(sessions))
    for update in updates:
        SessionUpdateEvent.model_validate(update, extra='forbid', strict=True)
    assert [update['session'] for update in updates] == sessions


async def logged(page: ParleyPage, type: str, *, count: int) -> list[dict[str, Any]]:
    """Wait until the event log has so many events of this type, no more and no less, and read them, oldest first."""
    rows = page.event_log.locator(f'[data-testid=event-row][data-type="{type}"]')
    await expect(rows).to_have_count(count)
    for details in await rows.locator('details').all():
        await details.evaluate('(it) => { it.open = true; }')
    return [json.loads(await row.locator('pre').text_content() or '') for row in await rows.all()]
