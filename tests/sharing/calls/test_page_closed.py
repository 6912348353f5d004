"""A guest's page that goes away ends its call, at the latest when it has been missed for a while."""

import asyncio
from typing import cast

import httpx
import pytest
from nicegui import Client, ui
from nicegui.testing import User
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from components.call.call import VoiceCall
from components.sharing.calls.guest_page import GuestsVoiceCall
from components.sharing.calls.page_closed import PageClosed
from components.sharing.visitor import HOST, Guest, Visitor, set_visitor
from tests.e2e.connection.test_connection import Wire
from tests.e2e.stand_in import KEY, StandIn
from tests.sharing.shared import Join, ShareParley, may_use_webrtc

from .test_guest_calls import ANA, BEN, House

AT_ONCE = 10.0
"""Seconds: far less than a page may be away, and enough for a busy machine."""


async def test_closing_the_tab_hangs_up_at_the_provider(share_parley: ShareParley, join: Join) -> None:
    async with StandIn() as service:
        shared = await share_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url)
        guest = await join(shared, 'Ana')
        wire = await Wire.of(guest)
        await may_use_webrtc(guest.page)
        await guest.call()
        wire.swallow()  # so that nothing arrives over the socket
        await guest.page.close()
        assert await asyncio.to_thread(service.hung_up.wait, AT_ONCE)


@pytest.mark.parametrize(('who', 'ends'), [(ANA, True), (BEN, False), (HOST, False)])
async def test_only_the_guest_of_a_page_can_report_it_closed(who: Visitor, ends: bool) -> None:
    house = House()
    page = house.call(ANA)
    async with browser(who, house) as leaving:
        assert (await leaving.post('/farewell/another')).status_code == 204
        assert house.calls.talking('a') is not None
        assert (await leaving.post(f'/farewell/{page.id}')).status_code == 204
    assert (house.calls.talking('a') is None) is ends
    await house.calls.stop()


@pytest.mark.nicegui_main_file('')
async def test_a_page_is_here_while_it_has_a_socket(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[GuestsVoiceCall] = []

    @ui.page('/')
    def page() -> None:
        pages.append(GuestsVoiceCall(cast(VoiceCall, ui.label())))

    client = await user.open('/')
    (made,) = pages
    assert made.id == client.id
    assert made.is_here
    monkeypatch.setattr(Client, 'has_socket_connection', False)
    assert not made.is_here


def browser(who: Visitor, house: House) -> httpx.AsyncClient:
    app = Starlette(routes=[PageClosed(lambda: house.calls).route])

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(who, Guest):
            set_visitor(scope, who)
        await app(scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(named), base_url='http://parley')
