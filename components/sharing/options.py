"""The options of sharing, from the command line and the environment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from getpass import getpass
from ipaddress import ip_address
from pathlib import Path

from components.sharing.calls.limits import Limits, add_limits

from .errors import SharingError

DEFAULT_PORT = 8443


@dataclass(frozen=True)
class ShareOptions:
    """How to share.

    Attributes:
        port: The guests' port.
        host: The one address to share at; None for all.
        passcode: The passcode that guests must enter; None for a new one.
        certificate: The host's own certificate; None for one made by Parley.
        key: Its key; None if the certificate's file contains it.
        limits: The limits for guests.
    """

    port: int = DEFAULT_PORT
    host: str | None = None
    passcode: str | None = field(default=None, repr=False)
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def read(cls, given: Namespace, environ: Mapping[str, str]) -> ShareOptions:
        """Read the parsed command line and the environment. Raises SharingError if they contradict themselves."""
        if given.key and not given.cert:
            raise SharingError('--key belongs to a certificate of your own: give that with --cert.')
        passcode = given.passcode if given.passcode is not None else environ.get('PARLEY_PASSCODE') or None
        if given.passcode == '':
            passcode = _asked()
        limits = Limits.read(given, environ)
        return cls(given.share_port, _one_address(given.host), passcode, given.cert, given.key, limits)


def add_options(parser: ArgumentParser) -> None:
    """Add the options of sharing to a command line."""
    sharing = parser.add_argument_group('sharing')
    sharing.add_argument(
        '--share', action='store_true', help='share with others on the network, over HTTPS and with a passcode'
    )
    sharing.add_argument('--share-port', type=int, default=DEFAULT_PORT, help='port for guests (default: %(default)s)')
    sharing.add_argument(
        '--passcode',
        nargs='?',
        const='',
        help='what guests must enter (default: six digits, new at every start); without a value, Parley asks for it',
    )
    sharing.add_argument('--cert', type=Path, help='your own certificate as a PEM file (default: Parley makes one)')
    sharing.add_argument('--key', type=Path, help='its key as a PEM file, unless the file of --cert contains it')
    add_limits(sharing)


def _asked() -> str:
    """Ask for the passcode in the terminal. Raises SharingError if there is none."""
    try:
        return getpass('Passcode for guests: ')
    except (EOFError, OSError):
        raise SharingError('There is no terminal to ask for the passcode. Set PARLEY_PASSCODE in .env.') from None


def _one_address(host: str) -> str | None:
    try:
        return None if ip_address(host).is_unspecified or ip_address(host).is_loopback else host
    except ValueError:
        if host == 'localhost':
            return None
        raise SharingError(
            f'{host} is not an IP address such as 192.168.1.5. Leave out --host to share at all addresses.'
        ) from None
