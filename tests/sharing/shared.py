"""A Parley that is shared on this machine's own network address, as its guests see it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from playwright.async_api import Page

from components.sharing.addresses import lan_addresses, url_host
from tests.e2e.witness import WitnessedPage
from tests.parley import Parley

PASSCODE = 'open sesame 1'

VIOLATIONS = """
    window.violations = [];
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        violations.push([violatedDirective, blockedURI, sourceFile]));
"""
"""Notes in a page all that its own policy forbids it."""

SOCKET = '/_nicegui_ws/socket.io/?EIO=4&transport=websocket'


@dataclass(frozen=True)
class Shared:
    parley: Parley
    url: str  # for guests, with a slash at the end

    @property
    def origin(self) -> str:
        return self.url.rstrip('/')

    @property
    def authority(self) -> Path:
        return self.parley.data / 'sharing' / 'authority.pem'

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)

    def client(self) -> httpx.AsyncClient:
        """Somebody on the network who is no browser, but trusts the authority, too."""
        return httpx.AsyncClient(base_url=self.url, verify=self.trust, trust_env=False, timeout=30)

    @asynccontextmanager
    async def guest(self, name: str = 'Ana') -> AsyncIterator[httpx.AsyncClient]:
        """The same, come in under this name."""
        async with self.client() as client:
            assert (await client.get('/join')).status_code == 200
            answer = await client.post('/join', data={'name': name, 'passcode': PASSCODE})
            assert answer.status_code == 303, answer.text
            yield client

    async def handshake(self, path: str, url: str | None = None, **headers: str) -> int:
        """Ask for a WebSocket. Gives the status of the answer: 101 is a yes."""
        target = httpx.URL(url or self.url)
        trust = self.trust if target.scheme == 'https' else None
        reader, writer = await asyncio.open_connection(target.host, target.port, ssl=trust)
        fields = {'Host': target.netloc.decode(), **HANDSHAKE, **headers}
        lines = [f'GET {path} HTTP/1.1', *(f'{name}: {value}' for name, value in fields.items()), '', '']
        writer.write('\r\n'.join(lines).encode())
        status = (await reader.readline()).split()[1]
        writer.close()
        return int(status)


def guests_url(port: int) -> str:
    """Return the address of guests at this machine, skip the test if it is in no network."""
    addresses = lan_addresses()
    if not addresses:
        pytest.skip('this machine is in no network')
    return f'https://{url_host(addresses[0])}:{port}/'


async def may_use_webrtc(page: Page) -> None:
    """Wait until a guest's page knows that the service lets calls be hung up: until then, calls go by the relay."""
    await page.wait_for_function('Object.values(mounted_app.elements).some(({ props }) => props.transport === "auto")')


class ShareParley(Protocol):
    """Starts a Parley that is shared."""

    async def __call__(self, **environment: str) -> Shared: ...


class Arrive(Protocol):
    """Opens an empty page in a browser that trusts the authority, and whose microphone hears the script."""

    async def __call__(self, name: str, *script: str | float) -> Page: ...


class Join(Protocol):
    """Comes in as a guest, with a browser whose microphone hears the script."""

    async def __call__(self, shared: Shared, name: str, *script: str | float) -> WitnessedPage: ...


HANDSHAKE = {
    'Connection': 'Upgrade',
    'Upgrade': 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
