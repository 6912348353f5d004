"""Calls over real WebRTC, with stages that the test directs: how they begin, how they end, and that nothing stays."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator

import aioice.ice
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from components.engine.limits import Limits
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import SessionConfig
from components.engine.stages import Stages
from components.engine.switchboard import Switchboard
from components.engine.transport import ice, webrtc_transport

from .caller import Caller
from .fakes import ABILITIES, FakeMind, FakeSpeech

CONFIG = SessionConfig(instructions='Be brief.')


@pytest.fixture
def speech() -> FakeSpeech:
    return FakeSpeech()


@pytest.fixture
async def leaks_nothing() -> AsyncIterator[None]:
    """Afterwards every task that the test began has ended."""
    before = asyncio.all_tasks()
    yield
    if left := asyncio.all_tasks() - before - {asyncio.current_task()}:
        _, pending = await asyncio.wait(left, timeout=5)
        assert not pending


@pytest.fixture
async def switchboard(speech: FakeSpeech, leaks_nothing: None) -> AsyncIterator[Switchboard]:
    with ice.adjusted(local_only=lambda: True):
        switchboard = Switchboard(Stages(speech, FakeMind(), speech, ABILITIES), Limits(calls=2))
        yield switchboard
        await switchboard.close()
        assert len(switchboard) == 0


def caller(switchboard: Switchboard) -> Caller:
    async def place(offer: str) -> str:
        _, answer = await switchboard.place(offer, CONFIG)
        return answer

    return Caller(place)


async def offer() -> str:
    """A good offer, of a browser that never does anything else."""
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTransceiver('audio')
    connection.createDataChannel('oai-events')
    await connection.setLocalDescription()
    sdp = connection.localDescription.sdp
    await connection.close()
    return sdp


async def all_over(switchboard: Switchboard) -> None:
    """Wait until the last call has freed all that it had."""
    if tasks := switchboard._calls.values():
        _, pending = await asyncio.wait(tasks, timeout=5)
        assert not pending
    assert len(switchboard) == 0


async def test_a_call_begins_with_its_session(switchboard: Switchboard) -> None:
    async with caller(switchboard) as browser:
        created = await browser.until('session.created')
        assert created['session']['instructions'] == 'Be brief.'
        assert len(switchboard) == 1


async def test_words_and_sound_go_both_ways(switchboard: Switchboard, speech: FakeSpeech) -> None:
    async with caller(switchboard) as browser:
        await browser.until('session.created')
        speech.words = ['what time is it']
        browser.microphone.say('what_time_is_it')
        await browser.until('output_audio_buffer.stopped')
        done = await browser.until('response.done')
        assert done['response']['status'] == 'completed'
        assert browser.loudness, 'silence is sent as well'


@pytest.mark.parametrize(('limit', 'fits'), [('262144', True), ('0', True), ('65536', False), (None, False)])
async def test_user_audio_can_be_retrieved_if_the_browser_takes_long_messages(
    switchboard: Switchboard, speech: FakeSpeech, limit: str | None, fits: bool
) -> None:
    async def place(offer: str) -> str:
        line = f'a=max-message-size:{limit}\r\n' if limit else ''
        offer = offer.replace('a=max-message-size:262144\r\n', line)
        _, answer = await switchboard.place(offer, CONFIG)
        return answer

    async with Caller(place) as browser:
        await browser.until('session.created')
        speech.words = ['what time is it']
        browser.microphone.say('what_time_is_it')
        committed = await browser.until('input_audio_buffer.committed')
        await browser.until('response.done')
        browser.send(type='conversation.item.retrieve', item_id=committed['item_id'])
        [part] = (await browser.until('conversation.item.retrieved'))['item']['content']
        assert part['transcript'] == 'what time is it'
        assert ('audio' in part) == fits


async def test_the_browser_hangs_up(switchboard: Switchboard, speech: FakeSpeech) -> None:
    async with caller(switchboard) as browser:
        await browser.until('session.created')
    await all_over(switchboard)


async def test_the_server_hangs_up(switchboard: Switchboard) -> None:
    call_ids: list[str] = []

    async def place(offer: str) -> str:
        call_id, answer = await switchboard.place(offer, CONFIG)
        call_ids.append(call_id)
        return answer

    async with Caller(place) as browser:
        await browser.until('session.created')
        await switchboard.hang_up(call_ids[0])
        assert len(switchboard) == 0
        async with asyncio.timeout(5):
            await browser.closed.wait()
    with pytest.raises(RealtimeError) as refused:
        await switchboard.hang_up(call_ids[0])
    assert (refused.value.code, refused.value.status) == ('call_id_not_found', 404)


async def test_a_browser_that_vanished_is_noticed(switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, 'CONSENT_INTERVAL', 0.05)
    async with caller(switchboard) as browser:
        await browser.until('session.created')
        await browser.vanish()
        await all_over(switchboard)


async def test_a_call_that_never_connects_is_given_up(speech: FakeSpeech, leaks_nothing: None) -> None:
    with ice.adjusted(local_only=lambda: True):
        switchboard = Switchboard(Stages(speech, FakeMind(), speech, ABILITIES), Limits(connect_seconds=0.05))
        await switchboard.place(await offer(), CONFIG)
        await all_over(switchboard)


async def test_a_session_that_lasted_too_long(speech: FakeSpeech, leaks_nothing: None) -> None:
    with ice.adjusted(local_only=lambda: True):
        switchboard = Switchboard(Stages(speech, FakeMind(), speech, ABILITIES), Limits(session_seconds=0.3))
        async with caller(switchboard) as browser:
            expired = await browser.until('error')
            assert expired['error']['code'] == 'session_expired'
            await all_over(switchboard)


async def test_there_are_only_so_many_lines(switchboard: Switchboard) -> None:
    for _ in range(2):
        await switchboard.place(await offer(), CONFIG)
    with pytest.raises(RealtimeError, match='busy') as refused:
        await switchboard.place(await offer(), CONFIG)
    assert (refused.value.code, refused.value.status) == ('session_limit_reached', 503)


async def test_a_finished_call_leaves_no_memory_to_the_collector(switchboard: Switchboard) -> None:
    gc.disable()
    try:
        connections = []
        for _ in range(3):
            call_id, _ = await switchboard.place(await offer(), CONFIG)
            connections += [weakref.ref(call.transport._connection) for call in switchboard._calls]
            await switchboard.hang_up(call_id)
        assert connections[0]() is None, 'its last tasks may outlive a call by a moment, but not the next ones'
    finally:
        gc.enable()


async def test_an_offer_that_is_none(switchboard: Switchboard) -> None:
    with pytest.raises(RealtimeError, match='no SDP') as refused:
        await switchboard.place('hello', CONFIG)
    assert (refused.value.code, refused.value.status) == ('invalid_offer', 400)
    await all_over(switchboard)


async def test_an_offer_without_a_channel_or_with_a_broken_line(switchboard: Switchboard) -> None:
    good = await offer()
    for bad in (
        good.replace('m=application', 'm=video'),
        good[: good.index('m=application')],
        good.replace('opus', 'none'),
    ):
        with pytest.raises(RealtimeError) as refused:
            await switchboard.place(bad, CONFIG)
        assert refused.value.code == 'invalid_offer'
    await all_over(switchboard)


async def test_an_event_that_is_too_large_is_replaced(switchboard: Switchboard) -> None:
    async with caller(switchboard) as browser:
        await browser.until('session.created')
        text = 'a' * 140_000
        for id in ('a', 'b'):
            content = [{'type': 'input_text', 'text': text}]
            browser.send(
                type='conversation.item.create', item={'type': 'message', 'role': 'user', 'content': content, 'id': id}
            )
        await browser.until('conversation.item.done', count=2)
        browser.send(type='session.update', session={'type': 'realtime', 'instructions': text})
        browser.send(type='session.update', session={'type': 'realtime', 'prompt': {'id': text}})
        error = await browser.until('error')
        assert error['error']['code'] == 'event_too_large'


async def test_a_browser_that_takes_no_answers_is_given_up(
    switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webrtc_transport, '_MOST_WAITING', 50_000)
    async with caller(switchboard) as browser:
        await browser.until('session.created')
        content = [{'type': 'input_text', 'text': 'a' * 100_000}]  # which comes back twice at once
        browser.send(type='conversation.item.create', item={'type': 'message', 'role': 'user', 'content': content})
        await all_over(switchboard)


async def test_sound_does_not_come_by_the_channel(switchboard: Switchboard) -> None:
    async with caller(switchboard) as browser:
        await browser.until('session.created')
        browser.send(type='input_audio_buffer.append', audio='AAAA')
        assert (await browser.until('error'))['error']['code'] == 'invalid_event_for_transport'
