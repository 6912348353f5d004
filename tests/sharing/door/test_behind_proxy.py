"""The host's page behind a reverse proxy, however that is set up."""

from argparse import Namespace

import pytest
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from components.sharing.door.behind_proxy import BehindProxy, Proxy
from components.sharing.door.gate import Gate, headers, is_loopback
from components.sharing.errors import SharingError

ORIGIN = 'https://talk.example.org'


def read(url: str = f'{ORIGIN}/voice', trusted: str = '127.0.0.1,::1') -> Proxy:
    proxy = Proxy.read(Namespace(behind_proxy=url, trusted_proxy=trusted))
    assert proxy
    return proxy


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope['type'] == 'websocket':
        await send({'type': 'websocket.accept'})
        await send({'type': 'websocket.close'})
    else:
        prefix = ''.join(headers(scope, b'x-forwarded-prefix'))
        await JSONResponse([scope['path'], prefix, scope['scheme']])(scope, receive, send)


def proxied(address: str = '127.0.0.1', url: str = f'{ORIGIN}/voice') -> TestClient:
    """Ask as the proxy does, which is at this address."""
    proxy = read(url)
    gate = Gate(app, lambda name: is_loopback(name) or name == proxy.name)
    return TestClient(BehindProxy(gate, proxy), base_url='http://127.0.0.1:8080', client=(address, 50000))


@pytest.mark.parametrize('path', ['/voice/c/1', '/c/1'], ids=['prefix kept', 'prefix stripped'])
@pytest.mark.parametrize('host', ['127.0.0.1:8080', 'localhost:8080', 'talk.example.org'])
def test_a_page_is_served_however_the_proxy_asks(path: str, host: str) -> None:
    assert proxied().get(path, headers={'Host': host}).json() == ['/c/1', '/voice', 'https']


@pytest.mark.parametrize(('path', 'inner'), [('/voice', '/'), ('/voice/', '/'), ('/voices/a.wav', '/voices/a.wav')])
def test_only_the_whole_prefix_is_stripped(path: str, inner: str) -> None:
    assert proxied().get(path).json()[0] == inner


def test_a_proxy_without_a_path() -> None:
    assert proxied(url=ORIGIN).get('/voice/').json() == ['/voice/', '', 'https']


def test_sockets_and_posts_come_from_the_outer_address_only() -> None:
    for host in ('127.0.0.1:8080', 'talk.example.org'):
        own = {'Origin': ORIGIN, 'Host': host}
        assert proxied().post('/voice/calls', headers=own).status_code == 200
        with proxied().websocket_connect('/voice/relay', headers=own):
            pass
        foreign = {'Origin': 'https://evil.test', 'Host': host}
        assert proxied().post('/voice/calls', headers=foreign).status_code in (403, 421)
        with pytest.raises(WebSocketDisconnect), proxied().websocket_connect('/voice/relay', headers=foreign):
            pass


def test_a_browser_on_this_computer_may_leave_out_the_proxy() -> None:
    own = {'Origin': 'http://localhost:8080', 'Host': 'localhost:8080'}
    assert proxied().post('/voice/calls', headers=own).json() == ['/calls', '/voice', 'http']


@pytest.mark.parametrize('address', ['192.168.1.9', '::ffff:192.168.1.9', 'fd00::9', ''])
def test_nobody_but_the_proxy_gets_an_answer(address: str) -> None:
    answer = proxied(address).get('/voice/', headers={'X-Forwarded-For': '127.0.0.1'})
    assert (answer.status_code, answer.text) == (403, 'Open Parley at https://talk.example.org/voice/')


def test_the_proxy_may_be_anywhere_that_is_named() -> None:
    proxy = read(trusted='172.18.0.0/16, fd00::1')
    assert [proxy.trusts(each) for each in ('172.18.0.5', '::ffff:172.18.0.5', 'fd00::1')] == [True, True, True]
    assert [proxy.trusts(each) for each in ('127.0.0.1', '172.19.0.5', 'fd00::2', 'nonsense')] == [False] * 4


@pytest.mark.parametrize(
    ('url', 'trusted', 'problem'),
    [
        ('talk.example.org', '::1', 'must be the address of the page'),
        ('https://', '::1', 'must be the address of the page'),
        ('https://me:pass@talk.example.org', '::1', 'must be the address of the page'),
        ('https://talk.example.org:port', '::1', 'must be the address of the page'),
        ('http://talk.example.org', '::1', 'must begin with https://'),
        (ORIGIN, 'my-proxy', '--trusted-proxy must be addresses'),
    ],
)
def test_an_impossible_proxy_is_one_sentence(url: str, trusted: str, problem: str) -> None:
    with pytest.raises(SharingError, match=problem):
        read(url, trusted)
