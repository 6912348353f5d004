"""A share: the current addresses, a certificate for them, and a passcode that may change."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.responses import PlainTextResponse

from components.sharing import share as module
from components.sharing.addresses import IPAddress
from components.sharing.certificate.authority import Authority
from components.sharing.errors import SharingError
from components.sharing.host.invitation import link, poster, qr_image
from components.sharing.options import ShareOptions
from components.sharing.share import Share
from components.sharing.sharing import Sharing


class Network:
    """The network that this machine seems to be in; `asked` is set whenever somebody looks."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked = asyncio.Event()

    def __call__(self) -> list[IPAddress]:
        self.asked.set()
        return [ip_address(address) for address in self.addresses]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network('192.168.1.7', 'fd00::7')
    monkeypatch.setattr(module, 'lan_addresses', network)
    monkeypatch.setattr(socket, 'gethostname', lambda: 'Studio.example.com')
    return network


@pytest_asyncio.fixture
async def share(tmp_path: Path, network: Network) -> AsyncIterator[Share]:
    share = Share(ShareOptions(port=0, passcode='open sesame'), tmp_path)
    await share.start(PlainTextResponse('inside'), [])
    yield share
    await share.stop()


async def test_all_addresses_are_listed_and_recognised(share: Share) -> None:
    assert share.urls == ['https://192.168.1.7:0/', 'https://[fd00::7]:0/', 'https://studio.local:0/']
    for name in ('192.168.1.7', 'fd00::7', 'studio', 'studio.local', 'localhost', '127.0.0.1'):
        assert share.knows(name)
    for name in ('192.168.1.8', 'evil.test', 'studio.example.com', '', 'local'):
        assert not share.knows(name)


async def test_others_open_a_link_of_the_host_at_the_address_of_the_share(share: Share) -> None:
    def page_at(host: str) -> dict[str, object]:
        return {'type': 'http', 'headers': [(b'host', host.encode())]}

    sharing = Sharing(PlainTextResponse('inside'), [], lambda: share)
    assert sharing.reachable_at(page_at('localhost:8080')) is None
    sharing.share = share
    assert sharing.reachable_at(page_at('localhost:8080')) == share.urls[0]
    assert sharing.reachable_at(page_at('127.0.0.1:8080')) == share.urls[0]
    assert sharing.reachable_at(page_at('talk.example.org')) == ''  # a proxy serves the page: its own address
    await share.stop()
    assert sharing.reachable_at(page_at('localhost:8080')) is None


async def test_the_certificate_follows_the_machine_to_another_network(
    share: Share, network: Network, tmp_path: Path
) -> None:
    before = (tmp_path / 'machine.pem').read_bytes()
    network.addresses = ('127.0.0.1',)  # which a test can reach
    share.look_around()
    assert share.urls[0] == 'https://127.0.0.1:0/'
    assert not share.knows('192.168.1.7')
    assert (tmp_path / 'machine.pem').read_bytes() != before

    assert share._sockets
    port = share._sockets[0].getsockname()[1]
    trust = ssl.create_default_context(cafile=tmp_path / 'authority.pem')
    async with httpx.AsyncClient(verify=trust, trust_env=False) as client:
        assert (await client.get(f'https://127.0.0.1:{port}/join')).status_code == 200

    network.addresses = ()
    share.look_around()
    assert share.urls == []


async def test_addresses_are_checked_periodically(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, 'CHECK_INTERVAL', 0)
    share = Share(ShareOptions(port=0), tmp_path)
    network.asked.clear()
    await share.start(PlainTextResponse('inside'), [])
    await asyncio.wait_for(network.asked.wait(), 10)
    await share.stop()


def test_a_missing_network_is_reported_in_one_sentence(network: Network, tmp_path: Path) -> None:
    network.addresses = ()
    with pytest.raises(SharingError, match="This computer isn't connected to a network"):
        Share(ShareOptions(), tmp_path)


async def test_the_passcode_may_change(share: Share) -> None:
    assert share.passcode == 'open sesame'
    share.passcode = 'another one'
    assert share.passcode == 'another one'
    with pytest.raises(SharingError):
        share.passcode = 'short'


async def test_the_invitation_carries_the_passcode_where_no_server_sees_it(share: Share) -> None:
    assert link(share, share.urls[0]) == 'https://192.168.1.7:0/#open%20sesame'
    assert qr_image('https://192.168.1.7/').startswith('data:image/svg+xml')
    for line in (*share.urls, 'open sesame'):
        assert line in poster(share)


async def test_an_own_certificate_names_the_addresses(network: Network, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    (tmp_path / 'own.pem').write_bytes(
        Authority.make('studio-7', now).issue(['parley.lan', 'x.studio-7'], [ip_address('192.168.1.7')], now)
    )
    share = Share(ShareOptions(port=0, certificate=tmp_path / 'own.pem'), tmp_path / 'data')
    assert share.urls == ['https://parley.lan:0/', 'https://x.studio-7:0/', 'https://192.168.1.7:0/']
    assert share.knows('parley.lan')
    assert not share.is_own_authority
    assert not (tmp_path / 'data').exists()
    await share.start(PlainTextResponse('inside'), [])
    await share.stop()


async def test_sharing_begins_again_at_the_same_port_with_a_passcode_that_is_shown(share: Share) -> None:
    assert share.is_on
    await share.stop()
    assert not share.is_on
    await share.start(PlainTextResponse('inside'), [])
    assert share.is_on
    assert share.passcode == 'open sesame'


async def test_without_a_network_sharing_does_not_begin_again(share: Share, network: Network) -> None:
    await share.stop()
    network.addresses = ()
    with pytest.raises(SharingError) as refusal:
        await share.start(PlainTextResponse('inside'), [])
    assert refusal.value.problem == 'no_network'
    assert not share.is_on
