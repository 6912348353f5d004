"""A guest reaches neither the pages of others nor the host's side of the engine."""

from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from components.sharing.door.access import HostsOnly, OwnPages
from components.sharing.visitor import HOST, Guest, Visitor, set_visitor

ANA = Guest('a', 'Ana', 'other', '192.168.1.9', 0)
BEN = Guest('b', 'Ben', 'other', '192.168.1.10', 0)
OWNERS: Mapping[str, Visitor] = {'page-of-ana': ANA, 'page-of-ben': BEN, 'page-of-host': HOST}

KEY = {'Authorization': 'Bearer ek_1'}


def browser(app: ASGIApp, who: Visitor) -> TestClient:
    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(who, Guest):
            set_visitor(scope, who)
        await app(scope, receive, send)

    return TestClient(named)


@pytest.mark.parametrize(
    ('who', 'query', 'status'),
    [
        (ANA, 'client_id=page-of-ana', 200),
        (ANA, 'client_id=page-of-ben', 403),
        (ANA, 'client_id=page-of-host', 403),
        (ANA, 'client_id=page-of-ana&client_id=page-of-ben', 403),
        (ANA, '', 403),
        (ANA, 'client_id=gone', 200),  # NiceGUI reloads such a page
        (HOST, 'client_id=page-of-host', 200),
        (HOST, 'client_id=page-of-ana', 403),
        (HOST, '', 200),
    ],
)
def test_sockets_lead_to_own_pages_only(who: Visitor, query: str, status: int) -> None:
    app = OwnPages(PlainTextResponse('socket'), OWNERS.get)
    assert browser(app, who).get(f'/_nicegui_ws/socket.io?{query}').status_code == status
    assert browser(app, who).get(f'/elsewhere?{query}').status_code == 200


@pytest.mark.parametrize(
    ('method', 'path', 'headers'),
    [
        ('POST', '/engine/v1/realtime/calls', {}),
        ('POST', '/engine/v1/realtime/calls', KEY),
        ('POST', '/engine/v1/realtime/calls', {'Authorization': 'Bearer anything'}),
        ('POST', '/engine/v1/realtime/client_secrets', {}),
        ('POST', '/engine/v1/realtime/client_secrets', KEY),
        ('POST', '/engine/v1/realtime/calls/rtc_1/hangup', KEY),
        ('POST', '/engine/v1/realtime/calls/', KEY),
        ('POST', '/engine/v1//realtime/calls', KEY),
        ('POST', '/engine/v1/realtime/client_secrets?/realtime/calls', KEY),
        ('POST', '/engine/v1/faults', KEY),
        ('GET', '/engine/v1/models', KEY),
        ('GET', '/engine/v1/realtime?call_id=rtc_1', KEY),
    ],
)
def test_the_engine_is_the_hosts(method: str, path: str, headers: dict[str, str]) -> None:
    assert call(ANA, method, path, headers) == 403
    assert call(HOST, method, path, headers) == 200


def call(who: Visitor, method: str, path: str, headers: Mapping[str, str]) -> int:
    app = Starlette(routes=[Mount('/engine/v1', HostsOnly(PlainTextResponse('the engine')))])
    return browser(app, who).request(method, path, headers=headers).status_code
