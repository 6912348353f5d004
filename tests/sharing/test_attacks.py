"""Attacks on a running Parley. Each of them succeeds where sharing is done the simple way."""

import re

import httpx
import pytest

from tests.conftest import StartParley
from tests.parley import SPEECHLESS

from .shared import SOCKET, Shared, ShareParley

pytestmark = pytest.mark.asyncio(loop_scope='session')  # as the program's output belongs to that loop


async def test_sockets_open_for_guests_from_their_own_page_only(share_parley: ShareParley) -> None:
    shared = await share_parley(**SPEECHLESS)
    async with shared.guest('Ana') as ana, shared.guest('Ben') as ben:
        page, cookie = await client_id(ana), {'Cookie': f'__Host-parley={ana.cookies["__Host-parley"]}'}
        others = await client_id(ben)
        own, origin = f'{SOCKET}&client_id={page}', {'Origin': shared.origin}
        assert await shared.handshake(own, **origin, **cookie) == 101

        assert await shared.handshake(own, **origin) == 403  # without the cookie
        assert await shared.handshake(own, **cookie) == 403  # from nowhere
        for foreign in ('https://evil.test', 'null', shared.parley.url.rstrip('/')):
            assert await shared.handshake(own, Origin=foreign, **cookie) == 403
        assert await shared.handshake(own, **origin, **cookie, Host='evil.test') == 403
        assert await shared.handshake(f'{SOCKET}&client_id={others}', **origin, **cookie) == 403  # another's room

        polling = f'/_nicegui_ws/socket.io/?EIO=4&transport=polling&client_id={others}'
        assert (await ana.get(polling)).status_code == 403
        for path in ('', '/x', '/realtime?call_id=rtc_1', '/realtime?model=gpt-realtime'):
            assert await shared.handshake(f'/engine/v1{path}', **origin, **cookie) == 403


async def test_the_hosts_own_listener_knows_foreign_pages_and_names(start_parley: StartParley) -> None:
    parley = await start_parley()
    host = Shared(parley, parley.url)
    own = parley.url.rstrip('/')
    assert await host.handshake(SOCKET, Origin=own) == 101
    assert await host.handshake(SOCKET, Origin='http://evil.test') == 403
    assert (
        await host.handshake(SOCKET, Host=f'evil.test:{parley.port}', Origin=f'http://evil.test:{parley.port}') == 403
    )
    assert await host.handshake('/engine/v1/realtime?model=x', Origin='http://evil.test') == 403


async def test_guests_cannot_use_the_hosts_endpoints(share_parley: ShareParley) -> None:
    shared = await share_parley(**SPEECHLESS)
    async with shared.client() as stranger, shared.guest() as guest:
        assert (await stranger.get('/')).status_code == 401
        assert (await stranger.post('/engine/v1/realtime/client_secrets')).status_code == 401
        for method, path in (
            ('POST', '/engine/v1/realtime/client_secrets'),
            ('GET', '/engine/v1/models'),
            ('POST', '/engine/v1/realtime/calls/rtc_1/hangup'),
            ('POST', '/engine/v1/realtime/calls'),
        ):
            answer = await guest.request(method, path, headers={'Authorization': 'Bearer ek_made_up'})
            assert answer.status_code == 403


async def test_guest_tokens_appear_neither_on_disk_nor_in_the_output(share_parley: ShareParley) -> None:
    shared = await share_parley(**SPEECHLESS)
    async with shared.guest() as guest:
        await guest.get('/')
        token = guest.cookies['__Host-parley']
    await shared.parley.stop()
    kept = [path.read_bytes() for path in shared.parley.data.parent.rglob('*') if path.is_file()]
    assert not any(token.encode() in data for data in kept)
    assert token not in shared.parley.output


async def client_id(client: httpx.AsyncClient) -> str:
    """Open the page as a browser does, and read what NiceGUI calls it."""
    found = re.search(r"'client_id': '([0-9a-f-]{36})'", (await client.get('/')).text)
    assert found
    return found[1]
