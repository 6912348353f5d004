"""The life of a call through Python: how it begins, loses its browser or its service, and ends."""

import asyncio
from typing import Any

import pytest

from components.providers.connection.connection import SocketConnection
from components.providers.error import ProviderError
from components.relay import relayed_call
from components.relay.relayed_call import RelayedCall

from .calling import SESSION, calling, until
from .fakes import FakeBrowser, FakeService


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
