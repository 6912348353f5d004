"""A forgotten call of a page that sleeps: Python hangs it up by itself, and the call at the service is really over."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial

import httpx
import pytest
import pytest_asyncio
from nicegui import ui
from nicegui.testing import User

from components.call import call as voice_call
from components.call import idle_clock
from components.call.call import VoiceCall
from components.call.idle_clock import IdleClock
from components.desk.host_desk import HostDesk
from components.engine import Engine
from components.engine.protocol.errors import RealtimeError
from components.providers.providers import Providers
from components.settings.settings import Settings
from tests.engine.caller import Caller


@pytest_asyncio.fixture
async def engine() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.start()
    yield engine
    await engine.stop()


async def test_python_alone_ends_the_call_of_a_page_that_reports_nothing(
    user: User, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall, looked = time.time(), asyncio.Event()  # the engine began by the real time

    def now() -> float:
        looked.set()
        return wall

    async def twice() -> None:
        """Wait until the clock was looked at twice. It is not looked at again once it has hung up."""
        for _ in range(2):
            looked.clear()
            await looked.wait()

    monkeypatch.setattr(idle_clock, 'CHECK_SECONDS', 0.01)
    monkeypatch.setattr(voice_call, 'IdleClock', partial(IdleClock, now=now))
    monkeypatch.setattr(voice_call, 'GRACE_SECONDS', 0.0)
    providers = Providers.from_environment({}, engine.app, engine_life_at=engine.life_at)
    desk = HostDesk('browser', providers, exchange=None, relay=None)  # type: ignore[arg-type]  # no call goes by them

    @ui.page('/call')
    def page() -> None:
        VoiceCall(ticket=None, hang_up_after=300, on_forgotten=desk.hang_up, life_at=desk.life_at)  # type: ignore[arg-type]

    await user.open('/call')
    call_id = ''

    async def place(offer: str) -> str:
        nonlocal call_id
        ticket = await desk.take(Settings(provider='engine').fitted(), 'webrtc')
        transport = httpx.ASGITransport(engine.app)
        async with httpx.AsyncClient(transport=transport, base_url='http://engine') as browser:
            headers = {'Authorization': f'Bearer {ticket.token}', 'Content-Type': 'application/sdp'}
            answer = await browser.post('/realtime/calls', content=offer, headers=headers)
        call_id = answer.headers['Location'].rpartition('/')[2]
        return answer.text

    async with Caller(place) as browser, asyncio.timeout(20):
        await browser.until('session.created')
        live = {'kind': 'state', 'state': 'live', 'call': call_id}
        user.find(VoiceCall).trigger('reports', {'first': 0, 'reports': [live]})
        await twice()  # it counts from now on
        wall += 299  # the computer sleeps for a while
        await twice()
        assert engine.calls == 1
        wall += 400
        await browser.closed.wait()
    with suppress(RealtimeError):  # there is no such call any more, or the engine frees it a moment after its browser
        await engine.hang_up(call_id)
    assert engine.calls == 0
