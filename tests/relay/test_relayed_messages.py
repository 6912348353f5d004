"""The messages of a relayed call: their order, and those that are dropped."""

from typing import Any

import pytest

from .calling import calling, until
from .fakes import FakeService


async def test_sound_and_events_keep_their_order_both_ways() -> None:
    async with calling() as on:
        on.browser.say(b'\1\0' * 480)
        on.browser.say({'type': 'input_audio_buffer.commit'})
        on.browser.say(b'\2\0' * 480)
        on.browser.say({'type': 'response.create'})
        await until(lambda: len(on.service.got) == 3)
        assert [event['type'] for event in on.service.got[1:]] == ['input_audio_buffer.commit', 'response.create']
        assert on.service.sound == b'\1\0' * 480 + b'\2\0' * 480

        on.service.say(type='response.created', response={})
        on.service.speak(b'\1\2\3\4')
        on.service.say(type='response.output_audio_transcript.delta', delta='Hi')
        on.service.speak(b'\5\6')
        on.service.speak(b'\7\0', item='item_2')
        on.service.say(type='response.done', response={})
        await on.browser.until('response.done')
        own = {'relay.welcome', 'relay.connected', 'relay.received', 'session.created'}
        relayed = [it for it in on.browser.got if isinstance(it, bytes) or it['type'] not in own]
        place = {'response_id': 'resp_1', 'item_id': 'item_1', 'content_index': 0}
        assert relayed == [
            {'type': 'response.created', 'response': {}},
            {'type': 'relay.track', 'track': 0, **place},
            bytes([0, 0, 0, 0, 0, 0, 0, 0]) + b'\1\2\3\4',
            {'type': 'response.output_audio_transcript.delta', 'delta': 'Hi'},
            bytes([0, 0, 0, 0, 2, 0, 0, 0]) + b'\5\6',
            {'type': 'relay.track', 'track': 1, **place, 'item_id': 'item_2'},
            bytes([1, 0, 0, 0, 0, 0, 0, 0]) + b'\7\0',
            {'type': 'response.done', 'response': {}},
        ]


@pytest.mark.parametrize('message', [b'\1', b'', bytes(200_000)], ids=['half a sample', 'nothing', 'too much'])
async def test_invalid_sound_is_ignored(message: bytes) -> None:
    async with calling() as on:
        on.browser.say(message)
        on.browser.say({'type': 'input_audio_buffer.commit'})
        await until(lambda: len(on.service.got) == 2)
        assert on.service.sound == b''


async def test_a_ping_is_answered_with_what_has_arrived() -> None:
    async with calling() as on:
        on.browser.say({'type': 'relay.ping'})
        assert (await on.browser.until('relay.received'))['count'] == 0


@pytest.mark.parametrize('count', [-1, 10**9, 'many', None, 0.5])
async def test_impossible_confirmations_are_ignored(count: Any) -> None:
    async with calling() as on:
        on.browser.say({'type': 'relay.confirm', 'count': count})
        on.browser.say({'type': 'relay.nonsense'})
        on.browser.say({'type': 'input_audio_buffer.commit'})
        await until(lambda: len(on.service.got) == 2)


async def test_an_error_about_something_else_is_passed_on() -> None:
    service = FakeService()
    service.say(type='error', error={'code': 'odd', 'event_id': 'of another'})
    async with calling(service) as on:
        assert on.browser.events == ['error', 'session.created']


async def test_speech_of_the_user_passes_the_sound_that_it_interrupts() -> None:
    """Twenty seconds that came at once would take seven to a browser with 1 Mbit/s."""
    async with calling() as on:
        on.browser.reading.clear()
        on.service.say(type='response.created', response={'id': 'resp_1', 'conversation_id': 'conv'})
        on.service.speak(bytes(20 * 48_000))
        on.service.say(type='input_audio_buffer.speech_started', item_id='item_2', audio_start_ms=0)
        on.service.say(type='response.done', response={'id': 'resp_1'})
        await until(lambda: on.service._said.empty())
        on.browser.reading.set()
        await on.browser.until('response.done')
        assert len(on.browser.sound) <= 9_600, 'at most the frame that was on its way'
        assert on.call.downlink.dropped == 0, 'nothing that was wanted'


async def test_speech_passes_sound_that_it_does_not_interrupt() -> None:
    async with calling() as on:
        on.service.say(
            type='session.updated',
            session={'audio': {'input': {'turn_detection': {'type': 'server_vad', 'interrupt_response': False}}}},
        )
        await on.browser.until('session.updated')
        on.browser.reading.clear()
        on.service.speak(bytes(48_000))
        on.service.say(type='input_audio_buffer.speech_started', item_id='item_2', audio_start_ms=0)
        on.service.say(type='response.done', response={'id': 'resp_1'})
        await until(lambda: on.service._said.empty())
        on.browser.reading.set()
        await on.browser.until('response.done')
        kinds = ['sound' if isinstance(it, bytes) else it['type'] for it in on.browser.got]
        assert kinds.index('input_audio_buffer.speech_started') < kinds.index('sound') + 2
        assert on.browser.sound == bytes(48_000)


async def test_sound_of_an_answer_that_the_browser_stopped_is_dropped() -> None:
    async with calling() as on:
        on.browser.reading.clear()
        on.service.speak(bytes(48_000))
        on.service.speak(b'\1\2', item='item_2', response='resp_2')
        await until(lambda: on.service._said.empty())
        on.browser.say({'type': 'conversation.item.truncate', 'item_id': 'item_1', 'audio_end_ms': 0})
        await until(lambda: len(on.service.got) == 2)
        on.browser.reading.set()
        await until(lambda: on.browser.sound.endswith(b'\1\2'))
        assert len(on.browser.sound) <= 9_602


@pytest.mark.parametrize('field', ['response_id', 'item_id', 'content_index'])
@pytest.mark.parametrize('value', [[], {}, [1], {'a': 1}])
async def test_sound_without_a_proper_place_is_dropped(field: str, value: Any) -> None:
    async with calling() as on:
        place = {'response_id': 'resp_1', 'item_id': 'item_1', 'content_index': 0, field: value}
        on.service.say(type='response.output_audio.delta', **place, delta='AAAA')
        on.service.speak(b'\1\2')
        on.service.say(type='response.done', response={})
        await on.browser.until('response.done')
        assert on.browser.sound == b'\1\2'


async def test_half_of_an_emoji_in_the_session_of_a_service_is_passed_on() -> None:
    service = FakeService()
    async with calling(service) as on:
        on.service.say_text('{"type":"session.updated","session":{"instructions":"\\ud83d"}}')
        on.service.say_text('{"type":"session.created","session":5}')
        await on.browser.until('session.updated')


@pytest.mark.parametrize(
    'said',
    [
        'no JSON',
        '[]',
        '{"type": 5}',
        '{"type":"response.output_audio.delta","delta":"?"}',
        '{"type":"response.output_audio.delta","delta":5}',
        '{"type":"response.audio.delta","delta":[]}',
        '[' * 100_000,
    ],
)
async def test_malformed_service_messages_are_dropped(said: str) -> None:
    async with calling() as on:
        on.service._said.put_nowait(said)
        on.service.say(type='response.done', response={})
        await on.browser.until('response.done')
        assert on.browser.events == ['session.created', 'response.done']
