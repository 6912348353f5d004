"""Sidebands, which watch and steer a WebRTC call over `/realtime?call_id=`."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from components.engine import Engine
from tests.engine.caller import Caller
from tests.engine.served import Served, SocketClient, connected

pytestmark = pytest.mark.asyncio(loop_scope='module')  # one engine serves all tests


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine()) as served:
        yield served


class Call:
    """A browser's call, and the id that the engine gave it."""

    def __init__(self, served: Served) -> None:
        self.id = ''
        self.browser = Caller(self._place)
        self._served = served

    async def _place(self, offer: str) -> str:
        key = (await self._served.client().realtime.client_secrets.create()).value
        headers = {'Authorization': f'Bearer {key}', 'Content-Type': 'application/sdp'}
        async with httpx.AsyncClient(base_url=self._served.url) as client:
            answer = await client.post('/realtime/calls', content=offer, headers=headers)
        self.id = answer.headers['Location'].rpartition('/')[2]
        return answer.text


async def test_a_sideband_sees_and_steers_a_call(served: Served) -> None:
    call = Call(served)
    async with call.browser as browser:
        created = await browser.until('session.created')
        async with connected(served.client().realtime.connect(call_id=call.id)) as sideband:
            await sideband.connection.session.update(session={'type': 'realtime', 'instructions': 'Be brief.'})
            updated = await sideband.until('session.updated')
            assert sideband.events == [updated], 'nothing comes first'
            assert updated['session']['id'] == created['session']['id']
            assert (await browser.until('session.updated')) == updated

            await sideband.connection.response.create()
            await sideband.until('output_audio_buffer.stopped')
            await browser.until('output_audio_buffer.stopped')
            assert browser.events[1:] == sideband.events
            assert browser.seconds_of_sound() > 0.5
            assert not sideband.all('response.output_audio.delta')


async def test_a_sideband_cannot_send_sound(served: Served) -> None:
    call = Call(served)
    async with call.browser as browser:
        await browser.until('session.created')
        async with connected(served.client().realtime.connect(call_id=call.id)) as sideband:
            await sideband.connection.input_audio_buffer.append(audio='AAAA')
            assert (await sideband.until('error'))['error']['code'] == 'invalid_event_for_transport'


async def test_all_sidebands_are_told_of_the_end(served: Served) -> None:
    await served.all_over()
    call = Call(served)
    async with call.browser as browser:
        await browser.until('session.created')
        async with watching(served, call) as one, watching(served, call) as other:
            async with watching(served, call) as third:
                await third.connection.input_audio_buffer.clear()
                for each in (one, other, third):
                    await each.until('input_audio_buffer.cleared')
            assert served.engine.calls == 1, 'it is not the call that ends with a sideband'
            browser.send(type='input_audio_buffer.clear')
            await one.until('input_audio_buffer.cleared', count=2)
            await served.client().realtime.calls.hangup(call.id)
            assert await one.closed == await other.closed == (1000, '')
            assert one.events == other.events
        with pytest.raises(InvalidStatus, match='404'):
            await served.client().realtime.connect(call_id=call.id).enter()


def watching(served: Served, call: Call) -> AbstractAsyncContextManager[SocketClient]:
    return connected(served.client().realtime.connect(call_id=call.id))
