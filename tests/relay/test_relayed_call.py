"""A call through Python, between a service and a browser that do all that real ones might."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from components.providers.connection.connection import SocketConnection
from components.providers.error import ProviderError
from components.relay import relayed_call
from components.relay.relayed_call import RelayedCall

from .fakes import FakeBrowser, FakeService

SESSION = {'type': 'realtime', 'model': 'm', 'instructions': 'Be brief.', 'audio': {'output': {'voice': 'marin'}}}


class Setting:
    """A call that is on, its service, and the browser it began with."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.browser = FakeBrowser()
        self.call = RelayedCall(self._connect, SESSION)
        self.running = asyncio.create_task(self.call.run())
        self.carrying = self.carry(self.browser)

    def carry(self, browser: FakeBrowser, received: int = 0) -> asyncio.Task[None]:
        return asyncio.create_task(self.call.carry(browser, 'way back', received))

    async def come_back(self) -> FakeBrowser:
        """Lose the browser's socket, and take another one."""
        self.browser.vanish()
        await self.carrying
        again = FakeBrowser()
        self.carrying = self.carry(again, self.browser.count)
        await again.until('relay.welcome')
        return again

    async def _connect(self) -> SocketConnection:
        return SocketConnection(self.service)


@asynccontextmanager
async def calling(service: FakeService | None = None, *, live: bool = True) -> AsyncIterator[Setting]:
    """Afterwards nothing is left."""
    before = asyncio.all_tasks()
    setting = Setting(service or FakeService())
    if live:
        await setting.browser.until('session.created')
    yield setting
    setting.call.end()
    async with asyncio.timeout(5):
        await setting.running
        setting.browser.hang_up()
        await setting.carrying
    assert setting.service.closed
    assert asyncio.all_tasks() == before


async def until(true: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError('It did not come true.')


async def test_a_session_begins_with_its_configuration() -> None:
    async with calling() as on:
        (update,) = on.service.got
        assert update['type'] == 'session.update'
        pcm = {'type': 'audio/pcm', 'rate': 24_000}
        wished = {
            'type': 'realtime',
            'instructions': 'Be brief.',
            'audio': {'input': {'format': pcm}, 'output': {'format': pcm, 'voice': 'marin'}},
        }
        assert update['session'] == wished
        assert (await on.browser.until('session.created'))['session'] == wished
        assert on.browser.events == ['session.created']


async def test_a_refused_session_ends_the_call_with_the_reason() -> None:
    async with calling(FakeService({'code': 'model_not_found', 'message': 'No.'}), live=False) as on:
        failed = await on.browser.until('relay.failed')
        assert (failed['code'], failed['detail']) == ('model_not_found', 'No.')
        assert on.browser.events == ['error']


@pytest.mark.parametrize('code', ['invalid_api_key', 'provider_unreachable'])
async def test_a_refused_connection_is_explained(code: str) -> None:
    async def connect() -> SocketConnection:
        raise ProviderError(code, 'So it is.')

    call = RelayedCall(connect, SESSION)
    browser = FakeBrowser()
    running = asyncio.create_task(call.run())
    await call.carry(browser, 'way back', 0)
    await running
    assert browser.got[1:] == [{'type': 'relay.failed', 'code': code, 'detail': 'So it is.'}]


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


async def test_a_service_that_leaves_in_the_middle_of_a_sentence_ends_the_call_after_all_it_said() -> None:
    async with calling() as on:
        on.service.speak(b'\1\2')
        on.service.leave(1011, 'Sorry')
        failed = await on.browser.until('relay.failed')
        assert (failed['code'], failed['detail']) == ('channel_closed', 'Sorry')
        assert on.browser.sound == b'\1\2'
        await on.carrying


async def test_hanging_up_frees_everything() -> None:
    async with calling() as on:
        on.browser.hang_up()
        await on.running
        assert on.service.closed


async def test_a_browser_is_told_that_parley_ends_its_call() -> None:
    async with calling() as on:
        on.call.end()
        assert (await on.browser.until('relay.failed'))['code'] == 'channel_closed'
        await on.carrying


async def test_a_browser_resumes_after_its_socket_broke() -> None:
    async with calling() as on:
        on.browser.say({'type': 'response.create'})
        await on.browser.until('relay.received')
        on.service.say(type='response.created', response={})
        await on.browser.until('response.created')
        on.browser.vanish()
        await on.carrying
        on.service.speak(b'\1\2')
        on.service.say(type='response.done', response={})
        again = FakeBrowser()
        on.carrying = on.carry(again, on.browser.count)
        await again.until('response.done')
        assert again.got[0] == {'type': 'relay.welcome', 'ticket': 'way back', 'received': 1}
        assert again.events == ['response.done']
        assert again.sound == b'\1\2'
        on.browser = again


async def test_messages_lost_with_a_socket_are_sent_again() -> None:
    async with calling() as on:
        seen = on.browser.count
        on.service.say(type='response.created', response={})
        on.service.speak(b'\1\2')
        await until(lambda: on.browser.sound == b'\1\2')
        del on.browser.got[seen + 1 :]
        on.browser = await on.come_back()
        await until(lambda: on.browser.sound == b'\1\2')
        assert on.browser.events == ['response.created']


async def test_a_new_socket_replaces_one_that_died_unnoticed() -> None:
    async with calling() as on:
        again = FakeBrowser()
        carrying = on.carry(again, on.browser.count)
        await on.carrying
        on.service.say(type='response.created', response={})
        await again.until('response.created')
        assert 'response.created' not in on.browser.events
        on.browser, on.carrying = again, carrying


async def test_a_browser_that_stays_away_loses_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relayed_call, 'AWAY_SECONDS', 0.01)
    async with calling() as on:
        on.browser.vanish()
        await on.running
        assert on.service.closed


async def test_a_browser_that_stops_reading_is_dropped_with_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relayed_call, 'SILENT_SECONDS', 0.05)
    monkeypatch.setattr(relayed_call, 'AWAY_SECONDS', 0.01)
    async with calling() as on:
        on.browser.reading.clear()
        for _ in range(200):
            on.service.speak(bytes(48_000))
        await on.running
        assert on.call.downlink.dropped > 0


async def test_a_slow_browser_delays_no_other() -> None:
    async with calling() as slow, calling() as quick:
        slow.browser.reading.clear()
        for on in (slow, quick):
            on.service.speak(bytes(48_000))
            on.service.say(type='response.done', response={})
        await quick.browser.until('response.done')
        assert 'response.done' not in slow.browser.events
        slow.browser.reading.set()
        await slow.browser.until('response.done')


async def test_a_slow_service_loses_old_sound_and_no_event() -> None:
    async with calling() as on:
        on.service.slow = asyncio.Event()
        for second in range(15):
            on.browser.say(bytes([second, 0]) * 24_000)
        on.browser.say({'type': 'input_audio_buffer.commit'})
        await on.browser.until('relay.received')
        on.service.slow.set()
        await until(lambda: len(on.service.got) == 2)
        assert len(on.service.sound) <= 11 * 48_000
        assert on.service.sound[-2:] == bytes([14, 0])


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


@pytest.mark.parametrize(
    ('error', 'code'),
    [
        ({'code': 'insufficient_quota', 'message': 'No.'}, 'insufficient_quota'),
        ({'type': 'authentication_error', 'code': None, 'message': 'No.'}, 'invalid_api_key'),
        ({'type': 'server_error', 'message': 'The upstream is down.'}, 'http_4xx'),
        ('Invalid model name passed in model=x', 'model_not_found'),
        (None, 'http_4xx'),
        ([], 'http_4xx'),
    ],
)
async def test_an_error_before_the_session_is_its_refusal(error: Any, code: str) -> None:
    """As LiteLLM does it: an error event, and then a close, instead of `session.created`."""
    service = FakeService()
    service._said.get_nowait()
    service.say(type='error', error=error)
    service.leave(1011, 'Closed.')
    async with calling(service, live=False) as on:
        failed = await on.browser.until('relay.failed')
        assert failed['code'] == code
        assert on.browser.events == ['error'], 'the log of events shows it'
        assert failed['detail'] in ('No.', 'The upstream is down.', 'Invalid model name passed in model=x', '')


async def test_an_error_about_something_else_is_passed_on() -> None:
    service = FakeService()
    service.say(type='error', error={'code': 'odd', 'event_id': 'of another'})
    async with calling(service) as on:
        assert on.browser.events == ['error', 'session.created']


@pytest.mark.parametrize(
    ('close', 'code', 'detail'),
    [
        ((1001, 'Your session hit the maximum duration of 60 minutes.'), 'session_expired', 'Your session hit'),
        ((1001, ''), 'channel_closed', ''),
        ((1006, ''), 'connection_lost', ''),
        ((1008, 'You exceeded your current quota'), 'insufficient_quota', 'You exceeded'),
        ((1008, 'No \x1b[31mred\u202e words\n here'), 'ended_by_service', 'No [31mred words here'),
        ((1011, 'keepalive ping timeout'), 'channel_closed', 'keepalive'),
        ((4000, 'Invalid API key'), 'invalid_api_key', 'Invalid API key'),
        ((4321, 'x' * 1000), 'ended_by_service', 'x' * 199 + '…'),
    ],
)
async def test_the_reason_of_a_close_is_told(close: tuple[int, str], code: str, detail: str) -> None:
    async with calling() as on:
        on.service.leave(*close)
        failed = await on.browser.until('relay.failed')
        assert failed['code'] == code
        assert failed['detail'].startswith(detail)
        await on.carrying


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
