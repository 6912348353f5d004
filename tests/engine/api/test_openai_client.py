"""The `openai` package places WebRTC calls with the engine: nothing but the base URL is changed.

What it does over a WebSocket is tested in `test_socket.py`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from openai import AuthenticationError, BadRequestError
from openai.types.realtime import RealtimeSessionCreateRequestParam

from components.engine import Engine
from tests.engine.caller import Caller
from tests.engine.served import Served

pytestmark = pytest.mark.asyncio(loop_scope='module')  # one engine serves all tests
MODEL = 'gpt-realtime-2.1'
SESSION: RealtimeSessionCreateRequestParam = {
    'type': 'realtime',
    'model': MODEL,
    'audio': {'input': {'transcription': {'model': 'gpt-realtime-whisper'}}},
}


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine(key='sk-right')) as served:
        yield served


def place(served: Served, *, short_lived: bool, ids: list[str]) -> Callable[[str], Awaitable[str]]:
    """Place calls with a key that is minted first, or with the server's own key; `ids` get their ids."""

    async def place(offer: str) -> str:
        owner = served.client('sk-right').realtime
        if short_lived:
            secret = await owner.client_secrets.create(session=SESSION)
            answer = await served.client(secret.value).realtime.calls.create(sdp=offer)
        else:
            answer = await owner.calls.create(sdp=offer, session=SESSION)
        ids.append(answer.response.headers['Location'].rpartition('/')[2])
        return answer.text

    return place


@pytest.mark.parametrize('short_lived', [True, False])
async def test_a_spoken_and_typed_conversation(served: Served, short_lived: bool) -> None:
    ids: list[str] = []
    async with Caller(place(served, short_lived=short_lived, ids=ids)) as browser:
        assert (await browser.until('session.created'))['session']['model'] == MODEL
        browser.microphone.say('what_time_is_it')
        heard = await browser.until('conversation.item.input_audio_transcription.completed')
        assert 'time' in heard['transcript']
        await browser.until('output_audio_buffer.stopped')
        assert browser.seconds_of_sound() > 0.5

        typed = {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'Spell house'}]}
        browser.send(type='conversation.item.create', item=typed)
        browser.send(type='response.create', response={'output_modalities': ['text']})
        spelled = (await browser.until('response.output_text.done'))['text']
        assert 'H, O, U, S, E' in spelled
        assert (await browser.until('response.done', count=2))['response']['status'] == 'completed'

        await served.client('sk-right').realtime.calls.hangup(ids[0])
        await browser.closed.wait()
        assert not browser.all('error')
    assert served.engine.calls == 0


async def test_refused_calls(served: Served) -> None:
    with pytest.raises(AuthenticationError, match='Incorrect API key provided'):
        await served.client('sk-wrong').realtime.calls.create(sdp='v=0', session=SESSION)
    with pytest.raises(BadRequestError, match='it has no audio'):
        await served.client('sk-right').realtime.calls.create(sdp='v=0', session=SESSION)
    assert served.engine.calls == 0
