"""Parley on the network: addresses, passcode, guests, and the listener that serves them."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from starlette.types import ASGIApp

from components.sharing.addresses import IPAddress, lan_addresses, url_host
from components.sharing.calls.guest_calls import GuestCalls
from components.sharing.calls.ledger import Ledger
from components.sharing.certificate.authority import Authority
from components.sharing.certificate.certificate import Certificate, keep_certificate, own_certificate
from components.sharing.door.admission import Admission
from components.sharing.door.door import Door
from components.sharing.door.gate import Gate
from components.sharing.door.guests import Guests
from components.sharing.door.joining import Joining
from components.sharing.door.passcode import Passcode
from components.sharing.door.security_headers import SecurityHeaders

from .errors import SharingError
from .listener import Listener, another_port, listen
from .options import DEFAULT_PORT, ShareOptions

CHECK_INTERVAL = 15.0
"""Seconds between two looks at this machine's addresses, since laptops change networks."""


class Share:
    """Shares Parley on the network. Built before the program listens anywhere, so that problems show at the start.

    Opens the port, and makes or checks the certificate.

    Args:
        options: How to share.
        folder: The folder of the authority and its certificate.

    Attributes:
        guests: The guests who are in.
        calls: Their calls.
        port: The guests' port.
        machine: The name of this computer in the network.

    Raises:
        SharingError: Sharing is impossible; the message says why.
    """

    def __init__(self, options: ShareOptions, folder: Path) -> None:
        self.guests = Guests()
        self.calls = GuestCalls(Ledger(options.limits, self.guests.account_of), time.time, self._is_welcome)
        self.guests.subscribe(lambda: self.calls.keep(self._welcome))
        self.port = options.port
        self.machine = socket.gethostname().partition('.')[0].lower() or 'parley'
        passcode = Passcode.fresh() if options.passcode is None else Passcode(options.passcode)
        self._admission = Admission(self.guests, passcode, time.monotonic, time.time)
        self._chosen_passcode = options.passcode
        self._host = options.host
        self._folder = folder
        self._own = own_certificate(options.certificate, options.key, _now()) if options.certificate else None
        addresses = lan_addresses() if options.host is None else [ip_address(options.host)]
        self._authority = None if self._own else Authority.keep(folder, self.machine, _now(), addresses)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._addresses: list[IPAddress] = []
        self.look_around()
        if not self._addresses:
            raise _no_network()
        self._sockets: list[socket.socket] | None = _open(options.host, options.port)
        self._listener: Listener | None = None

    @property
    def passcode(self) -> str:
        """The passcode as people read it. It may be changed at any time."""
        return self._admission.passcode.text

    @passcode.setter
    def passcode(self, text: str) -> None:
        self._admission.passcode = Passcode(text)

    def renew_passcode(self) -> None:
        """Replace the passcode. Guests who are in can stay."""
        self._admission.passcode = Passcode.fresh()

    @property
    def urls(self) -> list[str]:
        """The addresses at which guests find Parley, the best first; empty while this machine has no network."""
        port = '' if self.port == 443 else f':{self.port}'
        return [f'https://{host}{port}/' for host in (self._own_hosts() or self._hosts())]

    @property
    def is_own_authority(self) -> bool:
        """Whether Parley made the certificate, so that browsers warn about it."""
        return self._authority is not None

    def knows(self, name: str) -> bool:
        """Tell whether a name or address in a URL is this machine's; see `Gate`."""
        if name == self.machine or name in self._certificate.names or _wildcard(name) in self._certificate.names:
            return True
        try:
            return ip_address(name) in {*self._addresses, *self._certificate.addresses}
        except ValueError:
            return False

    def look_around(self) -> None:
        """Look up this machine's current addresses, and get a certificate for them. Raises SharingError."""
        self._addresses = lan_addresses() if self._host is None else [ip_address(self._host)]
        self._certificate = self._own or self._made()
        self._certificate.load_into(self._context)

    @property
    def is_on(self) -> bool:
        """Whether guests can come in."""
        return self._listener is not None

    @property
    def stopped(self) -> bool:
        """Whether sharing has ended. It may begin again, with the same limits, and time used up is not given back."""
        return self._sockets is None

    async def start(self, app: ASGIApp, services: Iterable[str]) -> None:
        """Start to serve guests, also once more after `stop`.

        Args:
            app: The app that they use.
            services: The origins that their browsers may call; see `SecurityHeaders`.

        Raises:
            SharingError: Sharing is impossible at the moment.
        """
        if self._sockets is None:
            self.look_around()
            if not self._addresses:
                raise _no_network()
            self._sockets = _open(self._host, self.port)
            if self._chosen_passcode is not None:
                self.passcode = self._chosen_passcode
        joining = Joining(self._admission, self.machine, self._authority.der if self._authority else None)
        self._door = Door(app, joining.app, self.guests, time.time)
        self.guests.is_here = self._door.is_here
        guarded = SecurityHeaders(Gate(self._door, self.knows), services)
        self._listener = Listener(guarded, self._sockets, self._context)
        await self._listener.start()
        self._watching = asyncio.create_task(self._watch())

    def is_here(self, guest_id: str) -> bool:
        """Tell whether a guest has a page open."""
        return self._door.is_here(guest_id)

    async def stop(self, goodbye: float = 0.0) -> None:
        """End all visits and guests' calls, and close the port. Stopping twice does no harm.

        Args:
            goodbye: Seconds in which guests' pages can still ask why their visit ended.
        """
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._watching.cancel()
        self.renew_passcode()  # the new one is not shown to anybody
        self.guests.clear()
        await self.calls.stop()
        await asyncio.sleep(goodbye)
        await listener.stop()
        self._sockets = None

    @property
    def _welcome(self) -> set[str]:
        return {guest.id for guest in self.guests.all}

    def _is_welcome(self, guest_id: str) -> bool:
        return guest_id in self._welcome

    def _hosts(self) -> list[str]:
        return [*map(url_host, self._addresses), f'{self.machine}.local'] if self._addresses else []

    def _own_hosts(self) -> list[str]:
        """Return the names and addresses of the host's own certificate, if there is one."""
        if self._own is None:
            return []
        names = sorted(name for name in self._own.names if '*' not in name)
        return [*names, *(url_host(address) for address in self._addresses if address in self._own.addresses)]

    def _made(self) -> Certificate:
        assert self._authority
        names = [self.machine, f'{self.machine}.local', 'localhost']
        return keep_certificate(self._authority, self._folder, names, [*self._addresses, *_LOOPBACK], _now())

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(CHECK_INTERVAL)
            try:
                self.look_around()
            except (SharingError, OSError):
                continue  # the loaded certificate stays, and the next look may succeed


def _open(host: str | None, port: int) -> list[socket.socket]:
    try:
        return listen(host, port)
    except OSError as error:
        no_port = error.errno in {errno.EADDRINUSE, errno.EACCES, errno.EINVAL}
        another = another_port(port, error, DEFAULT_PORT)
        advice = f'another port: --share-port {another}' if no_port else 'all addresses: leave out --host'
        where = f'on {host}, port {port}' if host else f'on port {port}'
        sentence = f'Parley cannot listen for guests {where}: {error.strerror}. Try {advice}'
        raise SharingError(sentence, 'port') from error


def _no_network() -> SharingError:
    sentence = "This computer isn't connected to a network. Connect it to one, then share again."
    return SharingError(sentence, 'no_network')


def _now() -> datetime:
    return datetime.now(UTC)


def _wildcard(name: str) -> str:
    return f'*.{name.partition(".")[2]}'


_LOOPBACK = (ip_address('127.0.0.1'), ip_address('::1'))
