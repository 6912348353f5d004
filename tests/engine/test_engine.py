"""The whole engine: an aiortc caller in this process calls it, over HTTP and WebRTC; it really listens and speaks."""

import asyncio
import gc
import sys
import threading
from collections.abc import AsyncIterator
from itertools import takewhile

import aioice.ice
import httpx
import pytest

from components.engine import Engine
from components.engine.limits import Limits
from components.engine.servers.stage_server import StageServer, StageServers
from tests.speech import heard as sound

from .caller import Caller

TRANSCRIBED = {'type': 'realtime', 'audio': {'input': {'transcription': {'model': 'gpt-realtime-whisper'}}}}
COMPLETED = 'conversation.item.input_audio_transcription.completed'
DELTA = 'conversation.item.input_audio_transcription.delta'


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.start()
    yield engine
    await engine.stop()


def http(engine: Engine) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=engine.app), base_url='http://engine')


def caller(engine: Engine, locations: list[str] | None = None) -> Caller:
    """A caller who does as a page does: gets a key, then places the call with it."""

    async def place(offer: str) -> str:
        async with http(engine) as client:
            key = (await client.post('/realtime/client_secrets', json={'session': TRANSCRIBED})).json()['value']
            headers = {'Authorization': f'Bearer {key}', 'Content-Type': 'application/sdp'}
            answer = await client.post('/realtime/calls', content=offer, headers=headers)
        assert answer.status_code == 201, answer.text
        if locations is not None:
            locations.append(answer.headers['Location'])
        return answer.text

    return Caller(place)


async def test_a_spoken_question_is_understood_and_answered_aloud(engine: Engine) -> None:
    async with caller(engine) as browser:
        await browser.until('session.created')
        browser.microphone.say('what_time_is_it')
        heard = await browser.until(COMPLETED)
        assert 'time' in heard['transcript']
        await browser.until('output_audio_buffer.stopped')
        assert browser.seconds_of_sound() > 0.5
        assert browser.all('response.done')[0]['response']['status'] == 'completed'


async def test_words_are_shown_while_they_are_spoken(engine: Engine) -> None:
    async with caller(engine) as browser:
        await browser.until('session.created')
        browser.microphone.play(sound('lights', 'what_time_is_it'))
        completed = await browser.until(COMPLETED)
        before = list(takewhile(lambda event: event['type'] != 'input_audio_buffer.committed', browser.events))
        early = [event['delta'] for event in before if event['type'] == DELTA]
        assert completed['transcript'].startswith(''.join(early))
        assert len(early) > 2


async def test_speech_interrupts_an_answer(engine: Engine) -> None:
    async with caller(engine) as browser:
        await browser.until('session.created')
        browser.microphone.say('moon')
        await browser.until('output_audio_buffer.started')
        item_id = (await browser.until('response.done'))['response']['output'][0]['id']
        browser.microphone.say('stop')
        truncated = await browser.until('conversation.item.truncated')
        assert truncated['item_id'] == item_id
        assert 0.1 < browser.seconds_of_sound() < truncated['audio_end_ms'] / 1000 + 0.2
        await browser.until('response.done', count=2)
        assert [event['type'] for event in browser.events].count('output_audio_buffer.cleared') == 1


async def test_hanging_up_over_http_frees_the_call(engine: Engine) -> None:
    locations: list[str] = []
    async with caller(engine, locations) as browser, http(engine) as client:
        await browser.until('session.created')
        assert engine.calls == 1
        assert (await client.post(f'{locations[0]}/hangup')).status_code == 200
        assert engine.calls == 0
        await browser.closed.wait()


async def test_two_callers_stay_apart(engine: Engine) -> None:
    async with caller(engine) as one, caller(engine) as other:
        one.microphone.say('what_time_is_it')
        other.microphone.say('hello')
        assert 'time' in (await one.until(COMPLETED))['transcript']
        assert 'time' not in (await other.until(COMPLETED))['transcript']
        assert len(one.all(COMPLETED)) == len(other.all(COMPLETED)) == 1


async def test_stopping_leaves_the_process_as_it_was() -> None:
    gc.unfreeze()  # what the tests have frozen
    interval, addresses = sys.getswitchinterval(), aioice.ice.get_host_addresses
    engine = Engine()
    assert engine.abilities is None
    await engine.start()
    await engine.start()
    assert engine.abilities
    assert engine.abilities.recogniser
    assert engine.abilities.synthesiser
    assert gc.get_freeze_count() > 10_000
    async with caller(engine) as browser:
        await browser.until('session.created')
        await engine.stop()
        assert engine.calls == 0
    await engine.stop()
    assert (sys.getswitchinterval(), aioice.ice.get_host_addresses) == (interval, addresses)
    assert gc.get_freeze_count() == 0
    assert 'engine' not in [thread.name for thread in threading.enumerate()]
    async with http(engine) as client:
        key = (await client.post('/realtime/client_secrets')).json()['value']
        refused = await client.post('/realtime/calls', content='v=0', headers={'Authorization': f'Bearer {key}'})
    assert (refused.status_code, refused.json()['error']['code']) == (503, 'engine_stopped')


async def test_an_engine_starts_by_itself_when_a_key_is_minted() -> None:
    engine = Engine()
    async with caller(engine) as browser:
        await browser.until('session.created')
        assert engine.calls == 1
    await engine.stop()


async def test_an_idle_engine_ends_and_starts_again_with_the_next_call() -> None:
    server = StageServer('http://127.0.0.1:9/v1', 'none')  # spares it the workers, since nobody speaks
    engine = Engine(limits=Limits(idle_seconds=0.3), servers=StageServers(ears=server, voice=server))
    for _ in range(2):
        async with caller(engine) as browser:
            await browser.until('session.created')
            (thread,) = (thread for thread in threading.enumerate() if thread.name == 'engine')
            await asyncio.to_thread(thread.join, 0.6)
            assert engine.calls == 1, 'a call keeps it'
        await asyncio.to_thread(thread.join, 30)
        assert not thread.is_alive()
        assert engine.abilities is None
    await engine.stop()


async def test_an_engine_can_start_again() -> None:
    engine = Engine()
    for _ in range(2):
        await engine.start()
        async with caller(engine) as browser:
            await browser.until('session.created')
        await engine.stop()
