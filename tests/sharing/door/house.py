"""A house with a door: the middleware in front of the app, and an app that names its visitor."""

from httpx2 import Response
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from components.sharing.door.admission import Admission
from components.sharing.door.door import Door
from components.sharing.door.gate import Gate
from components.sharing.door.guests import Guests
from components.sharing.door.joining import Joining
from components.sharing.door.passcode import Passcode
from components.sharing.door.security_headers import SecurityHeaders
from components.sharing.visitor import visitor

ORIGIN = 'https://studio.local:8443'
PASSCODE = '123 456'
AUTHORITY = b'a certificate'


class House:
    """`inside` are the paths that got past the door; time stands still unless a test moves it."""

    def __init__(self, authority: bytes | None = AUTHORITY) -> None:
        self.now = 1000.0
        self.guests = Guests()
        self.inside: list[str] = []
        admission = Admission(self.guests, Passcode(PASSCODE), lambda: self.now, lambda: self.now)
        self.door = Door(self._app, Joining(admission, 'studio', authority).app, self.guests, lambda: self.now)
        self.app = SecurityHeaders(Gate(self.door, {'studio.local', '192.168.1.7', 'fd00::7'}.__contains__), [])

    def browser(self, address: str = '192.168.1.9', origin: str = ORIGIN) -> TestClient:
        """Somebody's browser, with cookies of its own."""
        return TestClient(
            self.app,
            base_url=origin,
            follow_redirects=False,
            client=(address, 50000),
            headers={'User-Agent': 'iPhone', 'Accept': 'text/html'},
        )

    def guest(self, name: str = 'Ana') -> TestClient:
        """The browser of somebody who has come in."""
        browser = self.browser()
        answer = knock(browser, name=name)
        assert (answer.status_code, answer.headers['location']) == (303, '/')
        return browser

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside.append(scope['path'])
        if scope['type'] == 'http':
            response = PlainTextResponse(f'inside: {getattr(visitor(scope), "name", "the host")}')
            response.set_cookie('session', 'of NiceGUI')
            await response(scope, receive, send)
        else:
            socket = WebSocket(scope, receive, send)
            await socket.accept()
            async for text in socket.iter_text():
                await socket.send_text(text)


def knock(browser: TestClient, passcode: str = PASSCODE, name: str = 'Ana', origin: str | None = None) -> Response:
    headers = {'Origin': origin or str(browser.base_url).rstrip('/')}
    return browser.post('/join', data={'name': name, 'passcode': passcode}, headers=headers)


def connect(browser: TestClient, path: str, **headers: str) -> WebSocketTestSession:
    """Open a WebSocket where the browser's pages come from."""
    return browser.websocket_connect(str(browser.base_url).replace('http', 'ws', 1) + path, headers=headers)
