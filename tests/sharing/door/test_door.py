"""Nobody gets past the door without the passcode, and whoever is removed is out at once."""

import plistlib
from http.cookies import SimpleCookie

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from components.sharing.door.door import COOKIE, REMOVED
from components.sharing.door.guests import LIFETIME
from tests.sharing.door.house import AUTHORITY, ORIGIN, PASSCODE, House, connect, knock


@pytest.fixture
def house() -> House:
    return House()


def test_a_stranger_sees_only_the_joining_page(house: House) -> None:
    stranger = house.browser()
    answer = stranger.get('/')
    assert (answer.status_code, answer.headers['location']) == (303, '/join')
    for path in ('/join', '/join/page.css', '/join/page.js', '/join/icon.svg'):
        assert stranger.get(path).status_code == 200
    for method in ('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'):
        for path in ('/engine/v1/realtime/calls', '/_nicegui/3.18.0/static/vue.js', '/voices/marin.wav', '/joined'):
            answer = stranger.request(method, path, headers={'Accept': '*/*', 'Origin': ORIGIN})
            assert answer.status_code == 401
    assert house.inside == []


def test_the_passcode_opens_and_the_guest_goes_by_the_chosen_name(house: House) -> None:
    assert house.guest('Ana').get('/').text == 'inside: Ana'
    assert [(guest.name, guest.device, guest.address) for guest in house.guests.all] == [
        ('Ana', 'iphone', '192.168.1.9')
    ]


def test_the_cookie_is_kept_from_scripts_from_plain_http_and_from_other_sites(house: House) -> None:
    cookie = SimpleCookie(knock(house.browser()).headers['set-cookie'])[COOKIE]
    assert COOKIE.startswith('__Host-')
    assert cookie['httponly']
    assert cookie['secure']
    assert cookie['samesite'] == 'strict'
    assert cookie['path'] == '/'
    assert cookie['domain'] == ''
    assert int(cookie['max-age']) == LIFETIME


def test_the_apps_own_cookies_do_not_leave_tls_either(house: House) -> None:
    assert house.guest().get('/').headers['set-cookie'].endswith('; Secure')


@pytest.mark.parametrize('cookie', ['', 'x', '"', 'é', 'a' * 5000, '../../authority.pem'])
def test_forged_cookies_are_rejected(house: House, cookie: str) -> None:
    house.guest()
    stranger = house.browser()
    answer = stranger.get('/', headers=[(b'Cookie', f'{COOKIE}={cookie}'.encode())])
    assert answer.status_code == 303
    assert house.inside == []


def test_a_visit_ends(house: House) -> None:
    guest = house.guest()
    house.now += LIFETIME
    guest.cookies.jar.clear_expired_cookies()
    assert guest.get('/').status_code == 303


def test_joining_again_adds_no_second_guest(house: House) -> None:
    browser = house.guest('Ana')
    [before] = house.guests.all
    house.now += 60
    knock(browser, name='Anna')
    [after] = house.guests.all
    assert after == before
    assert (after.name, after.since) == ('Anna', before.since)
    assert browser.get('/').text == 'inside: Anna'


def test_a_page_is_notified_when_its_visit_ends_and_the_joining_page_explains(house: House) -> None:
    guest = house.guest()
    assert guest.get('/join/visit').status_code == 204
    assert 'Your visit has ended' not in guest.get('/join?over').text
    house.guests.clear()
    assert guest.get('/join/visit').status_code == 401
    assert 'Your visit has ended' in guest.get('/join?over').text
    assert 'Your visit has ended' not in guest.get('/join').text


def test_waiting_applies_even_to_the_right_passcode(house: House) -> None:
    guesser = house.browser()
    for guess in ('000000', '000001', '000002'):
        answer = knock(guesser, guess)
        assert answer.status_code == 403
        assert 'That’s not the passcode.' in answer.text
    assert answer.headers['retry-after'] == '1'

    answer = knock(guesser)
    assert (answer.status_code, answer.headers['retry-after']) == (429, '1')
    assert 'set-cookie' not in answer.headers
    assert knock(house.browser('192.168.1.10')).status_code == 303  # others need not wait

    house.now += 1
    assert knock(guesser).status_code == 303


def test_a_name_is_shown_as_text(house: House) -> None:
    answer = knock(house.browser(), 'wrong', '"><script>alert(1)</script>')
    assert '<script>alert' not in answer.text
    assert '&lt;script&gt;alert' in answer.text


def test_a_huge_form_is_not_read(house: House) -> None:
    assert knock(house.browser(), 'x' * 10_000).status_code == 413
    fields = {f'field{number}': 'x' for number in range(20)}
    assert house.browser().post('/join', data=fields, headers={'Origin': ORIGIN}).status_code == 400


def test_reaching_capacity_is_explained(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.guests, '_capacity', 0)
    answer = knock(house.browser())
    assert answer.status_code == 503
    assert 'No more guests can join at the moment.' in answer.text


def test_the_certificate_is_offered_as_devices_install_it(house: House) -> None:
    stranger = house.browser()
    answer = stranger.get('/join/parley.crt')
    assert answer.content == AUTHORITY
    assert answer.headers['content-type'] == 'application/x-x509-ca-cert'
    profile = stranger.get('/join/parley.mobileconfig')
    assert AUTHORITY in [each['PayloadContent'] for each in plistlib.loads(profile.content)['PayloadContent']]
    assert profile.headers['content-type'] == 'application/x-apple-aspen-config'
    assert 'content-disposition' not in profile.headers  # iOS would put an attachment into Files
    page = stranger.get('/join').text
    assert 'Why your browser warns you' in page
    for system in ('iPhone and iPad', 'Android', 'Windows', 'macOS', 'Linux'):
        assert system in page
    assert '“Parley on studio”' in page


def test_a_trusted_certificate_is_not_offered_for_download() -> None:
    stranger = House(authority=None).browser()
    assert stranger.get('/join/parley.crt').status_code == stranger.get('/join/parley.mobileconfig').status_code == 404
    assert 'Why your browser warns you' not in stranger.get('/join').text


def test_plain_http_redirects_to_https(house: House) -> None:
    plain = house.browser(origin='http://studio.local:8443')
    answer = plain.get('/join?x=1')
    assert (answer.status_code, answer.headers['location']) == (307, 'https://studio.local:8443/join?x=1')
    assert knock(plain).status_code == 403
    assert_refused(plain, '/')


class TestSockets:
    """WebSockets, which NiceGUI's usual middleware does not see."""

    def test_a_guest_talks_through_it(self, house: House) -> None:
        with connect(house.guest(), '/_nicegui_ws/socket.io', Origin=ORIGIN) as socket:
            socket.send_text('hello')
            assert socket.receive_text() == 'hello'
            assert house.door.is_here(house.guests.all[0].id)
        assert not house.door.is_here(house.guests.all[0].id)

    def test_without_the_cookie(self, house: House) -> None:
        house.guest()
        assert_refused(house.browser(), '/_nicegui_ws/socket.io')
        assert house.inside == []

    @pytest.mark.parametrize('origin', ['https://evil.test', 'https://studio.local', 'null', f'{ORIGIN}.evil.test'])
    def test_from_a_foreign_page(self, house: House, origin: str) -> None:
        assert_refused(house.guest(), '/_nicegui_ws/socket.io', origin)
        assert house.inside == []

    def test_from_no_page_at_all(self, house: House) -> None:
        assert_refused(house.guest(), '/_nicegui_ws/socket.io', None)

    def test_it_ends_when_the_guest_is_removed(self, house: House) -> None:
        ana, ben = house.guest('Ana'), house.guest('Ben')
        with (
            connect(ana, '/_nicegui_ws/socket.io', Origin=ORIGIN) as hers,
            connect(ben, '/_nicegui_ws/socket.io', Origin=ORIGIN) as his,
        ):
            hers.portal.call(house.guests.remove, house.guests.all[0].id)
            with pytest.raises(WebSocketDisconnect) as ended:
                hers.receive_text()
            assert ended.value.code == REMOVED
            his.send_text('hello')
            assert his.receive_text() == 'hello'
        assert ana.get('/').status_code == 303


def assert_refused(browser: TestClient, path: str, origin: str | None = ORIGIN) -> None:
    with pytest.raises(WebSocketDisconnect), connect(browser, path, **({'Origin': origin} if origin else {})):
        pass


def test_joining_redirects_to_the_requested_audience_view() -> None:
    browser = House().browser()
    path = '/audience/Jd-8_x'
    assert browser.get(path).headers['location'] == f'/join?to={path}'
    page = browser.get(f'/join?to={path}').text
    assert f'name="to" value="{path}"' in page
    data = {'name': 'Ana', 'passcode': PASSCODE, 'to': path}
    assert browser.post('/join', data=data, headers={'Origin': ORIGIN}).headers['location'] == path


@pytest.mark.parametrize(
    'to', ['//evil.test', 'https://evil.test', '/audience/../x', '/audience/x\n', '/audience//y', '']
)
def test_other_redirect_targets_are_ignored(to: str) -> None:
    browser = House().browser()
    data = {'name': 'Ana', 'passcode': PASSCODE, 'to': to}
    assert browser.post('/join', data=data, headers={'Origin': ORIGIN}).headers['location'] == '/'
    assert 'name="to" value="/"' in browser.get('/join', params={'to': to}).text


def test_an_address_that_the_host_keeps_out_is_told_so() -> None:
    house = House()
    house.guest()
    (ana,) = house.guests.all
    house.guests.keep_out(ana.id, house.now)
    answer = knock(house.browser())
    assert answer.status_code == 403
    assert 'The host has asked this device to stay away. You can try again in 60 minutes.' in answer.text
    assert knock(house.browser('192.168.1.10')).status_code == 303
    house.now += 3600
    assert knock(house.browser()).status_code == 303
