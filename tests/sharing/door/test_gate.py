"""The gate knows its own names and its own pages, on the host's listener as on the guests'."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from components.sharing.door.gate import Gate, is_loopback
from tests.sharing.door.house import House, connect, knock


def host(name: str = 'localhost:8080') -> TestClient:
    """The host's browser, and how it got here."""
    return TestClient(Gate(House()._app, is_loopback), base_url=f'http://{name}')


@pytest.mark.parametrize('name', ['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:8080', 'localhost'])
def test_the_host_is_let_through(name: str) -> None:
    assert host(name).get('/').text == 'inside: the host'


REBINDING = ['evil.test:8080', 'localhost.evil.test', '127.0.0.1.evil.test', 'localhost@evil.test', '', '[::1', '%']


@pytest.mark.parametrize('name', REBINDING)
def test_a_foreign_host_name_is_refused(name: str) -> None:
    assert host().get('/', headers={'Host': name}).status_code == 421
    with (
        pytest.raises(WebSocketDisconnect),
        connect(host(), '/', Host=name),
    ):
        pass


@pytest.mark.parametrize('name', ['evil.test:8443', '192.168.1.8:8443', 'localhost:8443', 'other.local'])
def test_a_foreign_host_name_is_refused_for_guests(name: str) -> None:
    house = House()
    guest = house.guest()
    assert guest.get('/', headers={'Host': name}).status_code == 421
    assert guest.get('/join', headers={'Host': name}).status_code == 421
    assert house.inside == []


@pytest.mark.parametrize('origin', ['https://192.168.1.7:8443', 'https://[fd00::7]:8443'])
def test_guests_may_come_by_any_address(origin: str) -> None:
    browser = House().browser(origin=origin)
    knock(browser)
    assert browser.get('/').text == 'inside: Ana'


def test_two_host_headers_are_refused() -> None:
    headers = [('Host', 'localhost:8080'), ('Host', 'evil.test')]
    assert host().get('/', headers=headers).status_code == 421


@pytest.mark.parametrize('origin', ['http://evil.test', 'http://localhost:3000', 'https://localhost:8080', 'null'])
def test_foreign_pages_cannot_change_anything(origin: str) -> None:
    assert host().post('/engine/v1/realtime/client_secrets', headers={'Origin': origin}).status_code == 403
    assert host().options('/engine/v1/realtime/calls', headers={'Origin': origin}).status_code == 403
    with pytest.raises(WebSocketDisconnect), connect(host(), '/', Origin=origin):
        pass


def test_own_pages_and_programs_can() -> None:
    assert host().post('/', headers={'Origin': 'http://localhost:8080'}).status_code == 200
    assert host().post('/').status_code == 200
    with connect(host(), '/') as socket:
        socket.send_text('hello')
        assert socket.receive_text() == 'hello'


def fetch_metadata(site: str, mode: str = 'no-cors', dest: str = 'image') -> dict[str, str]:
    return {'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Dest': dest}


@pytest.mark.parametrize('site', ['cross-site', 'same-site', 'something-new'])
@pytest.mark.parametrize(
    ('mode', 'dest'), [('no-cors', 'image'), ('cors', 'empty'), ('navigate', 'iframe'), ('websocket', 'empty')]
)
def test_a_foreign_page_cannot_even_make_a_browser_fetch_ours(site: str, mode: str, dest: str) -> None:
    assert host().get('/', headers=fetch_metadata(site, mode, dest)).status_code == 403
    house = House()
    guest = house.guest()
    assert guest.get('/', headers=fetch_metadata(site, mode, dest)).status_code == 403
    assert house.inside == []


@pytest.mark.parametrize('site', ['cross-site', 'same-site', 'same-origin', 'none'])
def test_a_link_on_a_foreign_page_may_lead_here(site: str) -> None:
    assert host().get('/', headers=fetch_metadata(site, 'navigate', 'document')).text == 'inside: the host'


@pytest.mark.parametrize('site', ['same-origin', 'none'])
def test_our_own_pages_may_fetch_anything(site: str) -> None:
    assert host().get('/', headers=fetch_metadata(site)).text == 'inside: the host'


def test_a_foreign_page_cannot_post_by_a_form() -> None:
    assert host().post('/', headers=fetch_metadata('cross-site', 'navigate', 'document')).status_code == 403
