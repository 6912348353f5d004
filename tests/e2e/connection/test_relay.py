"""The second way through: all of a call by a WebSocket through Parley, and what happens where WebRTC is blocked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests import speech
from tests.chromium import Chromium, Microphone
from tests.conftest import OpenPage, StartParley
from tests.e2e.closed_network import ClosedNetwork
from tests.e2e.conftest import Visit, known
from tests.e2e.conversation.test_conversation import HELLO, LIGHTS
from tests.e2e.stand_in import KEY, StandIn
from tests.e2e.witness import ON_CUE, ROOM, WITNESS, WitnessedPage, sounds_like
from tests.parley import Parley

# Keeps what arrives on the relay's WebSockets: of its sound the samples, and how many milliseconds are not silent.
# While `relay.away`, no new socket reaches it; a message for which `relay.delay` gives a promise waits for that, and
# those behind it with it.
EAVESDROP = """
    window.relay = { sockets: [], received: [], samples: 0, loud: 0, away: false, delay() {} };
    window.WebSocket = class extends WebSocket {
        constructor(url, ...others) {
            const isRelay = /\\/relay\\//.test(url);
            super(isRelay && relay.away ? "ws://127.0.0.1:9/" : url, ...others);
            if (!isRelay) return;
            relay.sockets.push(this);
            this.addEventListener("message", ({ data }) => {
                if (typeof data === "string") return relay.received.push(JSON.parse(data));
                const samples = new Int16Array(data.slice(8));
                relay.samples += samples.length;
                for (let at = 0; at < samples.length; at += 480) {
                    const block = samples.slice(at, at + 480);
                    relay.loud += block.some(isLoud) ? block.length / 24 : 0;
                }
            });
        }
        passed = Promise.resolve();
        set onmessage(listener) {
            this.listener = listener;
            const isRelay = relay.sockets.includes(this);
            const pass = (event) => this.listener?.(event);
            super.onmessage = isRelay
                ? (event) => (this.passed = this.passed.then(() => relay.delay(event)).then(() => pass(event)))
                : pass;
        }
    };
    const isLoud = (sample) => Math.abs(sample) > 300;
"""

# Every twentieth frame of sound is late by half a second.
LATE = """() => {
    let frames = 0;
    relay.delay = ({ data, timeStamp }) =>
        typeof data !== "string" && ++frames % 20 === 0 &&
        new Promise((resolve) => setTimeout(resolve, timeStamp + 500 - performance.now()));
}"""

# From the answer on, nothing is read until `read()`.
STALL = """() => {
    const stalled = new Promise((resolve) => (window.read = resolve));
    relay.delay = ({ data }) => typeof data === "string" && data.includes('"response.created"') && stalled;
}"""

HEARD_FOR_A_WHILE = 'ear.loudness.filter(([, rms]) => rms > 0.01).length > 75'  # over 1.5 s of an answer

# Chromium then looks for no way but by a proxy: ICE stays `new` for ever.
WITHOUT_UDP = [
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
]


class RelayedPage(WitnessedPage):
    """A page that calls by the relay, on record."""

    async def sent(self, type: str) -> list[dict[str, Any]]:
        """The events of this type that went to the relay."""
        return list(await self.page.evaluate('(type) => witness.sent.filter((event) => event.type === type)', type))

    async def assert_interrupted(self) -> dict[str, Any]:
        """The first answer was cut, and the service was told how much was played: as much as an ear has heard."""
        await self.wait_turn('assistant', status='interrupted')
        await self.wait_silence(lasting=0.3)
        truncate, *others = await self.sent('conversation.item.truncate')
        assert not others
        heard_ms = await self.page.evaluate(
            """() => {
                const loud = ear.loudness.filter(([, rms]) => rms > 0.001).map(([at]) => at);
                const pause = loud.findIndex((at, n) => n > 0 && at - loud[n - 1] > 1500);
                return loud.at(pause === -1 ? -1 : pause - 1) - loud[0];
            }"""
        )
        received_ms = await self.page.evaluate('relay.samples / 24')
        assert truncate['audio_end_ms'] <= received_ms
        assert truncate['audio_end_ms'] == pytest.approx(heard_ms, abs=400)  # speech begins with a short silence
        return truncate


@pytest_asyncio.fixture(loop_scope='session')
async def open_relayed(open_page: OpenPage, parley: Parley, tmp_path: Path) -> AsyncIterator[Any]:
    """Opens a page that hears this script, or silence, and is known to need the relay."""
    pages: list[RelayedPage] = []

    async def open_relayed(
        *script: str | float, is_known: bool = True, flags: Sequence[str] = (), init_script: str = ''
    ) -> RelayedPage:
        sound: Microphone = 'silent'
        if script:
            sound = speech.microphone(tmp_path / f'microphone-{len(pages)}.wav', *script)
        scripts = f'{WITNESS} {EAVESDROP} {init_script} {known("relay") if is_known else ""}'
        page = RelayedPage(await open_page(sound, init_script=scripts, flags=flags), parley.url)
        pages.append(page)
        await page.open()
        return page

    yield open_relayed
    for page in pages:
        await page.leave()


async def test_the_ladder_and_the_badge_tell_of_the_relay(open_relayed: Any) -> None:
    page = await open_relayed()
    await page.call()
    await expect(page.page.get_by_test_id('call-way')).to_have_text('Through Parley')
    await page.wait_rung('session', 'done')
    states = {rung.rung: rung.state for rung in await page.rungs()}
    assert states.pop('offer') == states.pop('network') == 'skipped'
    assert set(states.values()) == {'done'}
    assert 'relay' in states


async def test_speaking_interrupts_the_answer(open_relayed: Any) -> None:
    page = await open_relayed(init_script=ON_CUE)
    await page.call()
    await page.say('moon')
    await page.page.wait_for_function(HEARD_FOR_A_WHILE)
    await page.say('stop')
    await page.assert_interrupted()
    await page.wait_turn('assistant', containing='All right.', status='done')
    turns = [(turn.speaker, turn.status) for turn in await page.turns()]
    assert turns == [('user', 'done'), ('assistant', 'interrupted'), ('user', 'done'), ('assistant', 'done')]
    await expect(page.page.get_by_role('note', name='Not heard')).to_contain_text('to reach us.')
    assert await page.sent('response.cancel') == []  # the service does so by itself


async def test_the_stop_button_and_writing_interrupt_too(open_relayed: Any) -> None:
    page = await open_relayed()
    box = page.page.get_by_test_id('message-box')
    await box.fill('Tell me about the moon.')
    await box.press('Enter')
    await page.page.wait_for_function(HEARD_FOR_A_WHILE)
    await page.page.get_by_test_id('stop-answer').click()
    await page.assert_interrupted()
    await box.fill('Tell me about the moon.')
    await box.press('Enter')
    await page.wait_logged('output_audio_buffer.started', count=2)
    await box.fill('Please stop')
    await box.press('Enter')
    await page.wait_turn('assistant', status='done')
    assert [turn.status for turn in await page.turns()][1::2] == ['interrupted', 'interrupted', 'done']
    assert len(await page.sent('conversation.item.truncate')) == 2
    assert await page.refusals() == set()


async def test_where_udp_is_blocked_one_press_leads_to_a_spoken_conversation(open_relayed: Any) -> None:
    page = await open_relayed(1.0, 'hello', is_known=False, flags=WITHOUT_UDP)
    await page.call()  # by then the sentence is over, but not lost
    await expect(page.page.get_by_test_id('call-way')).to_have_text('Through Parley')
    await page.wait_rung('session', 'done')
    rungs = {rung.rung: rung for rung in await page.rungs()}
    assert rungs['network'].state == 'failed'
    assert 'It goes through Parley instead.' in rungs['network'].text
    assert {rungs[name].state for name in ('key', 'relay', 'channel', 'session')} == {'done'}
    assert sounds_like(await page.wait_turn('user', status='done'), HELLO)
    await page.wait_turn('assistant', containing='hear you', status='done')
    await page.wait_voice()

    await page.hang_up()
    await page.call()  # the network is known by now
    await page.wait_rung('network', 'skipped')


async def test_where_only_the_page_gets_through_one_press_leads_to_a_spoken_conversation(
    chromium: Chromium, parley: Parley, tmp_path: Path
) -> None:
    if missing := ClosedNetwork.missing():
        pytest.skip(missing)
    sound = speech.microphone(tmp_path / 'microphone.wav', 8.0, 'hello')
    async with ClosedNetwork(tmp_path, parley.port) as network:
        inside = chromium.by(network.inside)
        browser_page = await inside.open_page(sound, init_script=WITNESS + EAVESDROP)
        try:
            page = RelayedPage(browser_page, parley.url)
            await page.open()
            await page.call()
            await expect(page.page.get_by_test_id('call-way')).to_have_text('Through Parley')
            await page.wait_rung('network', 'failed')
            assert sounds_like(await page.wait_turn('user', status='done'), HELLO)
            await page.wait_turn('assistant', containing='hear you', status='done')
            await page.wait_voice()
        finally:
            await inside.close_page(browser_page)


async def test_webrtc_is_first_and_says_which_way_it_found(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await expect(page.page.get_by_test_id('call-way')).to_have_text('Direct')


async def test_a_socket_that_is_away_while_the_user_begins_to_speak_loses_nothing(open_relayed: Any) -> None:
    page = await open_relayed(3.0, 'hello')
    await page.page.evaluate(f'() => {{ {ROOM} }}')
    await page.call()
    await page.page.evaluate('relay.away = true; relay.sockets.at(-1).close()')
    await expect(page.status_line).to_have_text('Connection lost. Reconnecting …')
    await page.page.wait_for_function('performance.now() > room.since + 500')
    await page.page.evaluate('relay.away = false')
    assert sounds_like(await page.wait_turn('user', status='done'), HELLO)
    await page.wait_turn('assistant', containing='hear you', status='done')
    await page.wait_voice()
    assert (await page.events()).count('session.created') == 1


async def test_frames_that_come_late_are_all_heard(open_relayed: Any) -> None:
    page = await open_relayed(1.5, 'lights')
    await page.page.evaluate(LATE)
    await page.call()
    await page.wait_turn('assistant', status='done')
    await page.wait_received('output_audio_buffer.stopped')
    loud_ms, heard_ms = await page.page.evaluate(
        """() => {
            const since = ([at], n, all) => (n ? at - all[n - 1][0] : 0);
            const heard = ear.loudness.map((entry, ...others) => (entry[1] > 0.001 ? since(entry, ...others) : 0));
            return [relay.loud, heard.reduce((sum, ms) => sum + ms, 0)];
        }"""
    )
    assert loud_ms > 1_000
    assert heard_ms > 0.8 * loud_ms  # a busy machine makes pauses of its own


async def test_a_page_that_stops_reading_hears_it_later_and_holds_up_no_other(open_relayed: Any) -> None:
    slow, other = await open_relayed(init_script=ON_CUE), await open_relayed(init_script=ON_CUE)
    await slow.page.evaluate(STALL)
    await asyncio.gather(slow.call(), other.call())
    await asyncio.gather(slow.say('hello'), other.say('lights'))
    assert sounds_like(await other.wait_turn('user', status='done'), LIGHTS)  # not what the slow page said
    await other.wait_turn('assistant', containing='no hands', status='done')
    await other.wait_received('output_audio_buffer.stopped')
    await slow.page.wait_for_function('relay.samples > 0')
    assert 'response.created' not in await slow.received()
    await slow.page.evaluate('read()')
    await slow.wait_turn('assistant', containing='hear you', status='done')
    await slow.wait_received('output_audio_buffer.stopped')
    for page in (slow, other):
        assert [turn.speaker for turn in await page.turns()] == ['user', 'assistant']
    assert await slow.state() == 'live'


async def test_a_socket_that_does_not_come_back_is_replaced_by_a_new_call(open_relayed: Any) -> None:
    page = await open_relayed()
    await page.page.clock.install()
    await page.call()
    await page.page.evaluate('relay.away = true; relay.sockets.at(-1).close()')
    await expect(page.status_line).to_have_text('Connection lost. Reconnecting …')
    await page.page.clock.fast_forward(10_000)
    await page.wait_state('recovering')
    await page.page.evaluate('relay.away = false')
    await page.wait_state('live')
    assert await page.microphones() == ['live']


async def test_a_service_that_closes_in_the_middle_of_a_sentence(
    start_parley: StartParley, open_page: OpenPage, tmp_path: Path
) -> None:
    async with StandIn() as service:
        parley = await start_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url)
        page = RelayedPage(await open_page(init_script=WITNESS + EAVESDROP), parley.url)
        await page.open()
        await page.choose_transport('relay')
        await page.call()
        (headers,) = service.sockets
        assert headers['authorization'] == f'Bearer {KEY}'
        assert len(headers['openai-safety-identifier']) == 64
        assert 'openai-beta' not in headers
        box = page.page.get_by_test_id('message-box')
        await box.fill('Tell me about the moon.')
        await box.press('Enter')
        await page.wait_voice()
    await page.wait_state('recovering')
    await page.hang_up()
    assert await page.microphones() == ['ended']
    seen = await page.page.evaluate('JSON.stringify([witness.sent, relay.received, {...localStorage}])')
    assert 'CANARY' not in seen + await page.page.content()
    assert 'CANARY' not in parley.output


async def test_a_service_that_lets_nobody_in(start_parley: StartParley, open_page: OpenPage) -> None:
    async with StandIn() as service:
        parley = await start_parley(OPENAI_API_KEY='sk-proj-wrong-0123456789', OPENAI_BASE_URL=service.base_url)
        page = RelayedPage(await open_page(init_script=WITNESS + EAVESDROP), parley.url)
        await page.open()
        await page.choose_transport('relay')
        await page.press_call()
        await page.wait_failure('invalid_api_key', 'channel')
        assert await page.microphones() == ['ended']
