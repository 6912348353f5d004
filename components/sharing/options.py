"""What the command line and the environment say about sharing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from components.sharing.calls.limits import Limits, add_limits

from .errors import SharingError

DEFAULT_PORT = 8443


@dataclass(frozen=True)
class ShareOptions:
    """How to share. Without `host` guests are let in at all addresses, without `passcode` there is a fresh one."""

    port: int = DEFAULT_PORT
    host: str | None = None
    passcode: str | None = field(default=None, repr=False)
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def read(cls, given: Namespace, environ: Mapping[str, str]) -> ShareOptions:
        """Return what was given. Raises SharingError."""
        if given.key and not given.cert:
            raise SharingError('--key is the key of your own certificate: give that, too, by --cert.')
        passcode = given.passcode if given.passcode is not None else environ.get('PARLEY_PASSCODE') or None
        limits = Limits.read(given, environ)
        return cls(given.share_port, _one_address(given.host), passcode, given.cert, given.key, limits)


def add_options(parser: ArgumentParser) -> None:
    sharing = parser.add_argument_group('sharing')
    sharing.add_argument('--share', action='store_true', help='let others on the network in, by HTTPS and a passcode')
    sharing.add_argument('--share-port', type=int, default=DEFAULT_PORT, help='port for them (default: %(default)s)')
    sharing.add_argument('--passcode', help='what they must know (default: six digits, new with every start)')
    sharing.add_argument('--cert', type=Path, help='your own certificate as PEM file (default: Parley makes one)')
    sharing.add_argument('--key', type=Path, help='its key as PEM file, unless that of --cert holds it')
    add_limits(sharing)


def _one_address(host: str) -> str | None:
    try:
        return None if ip_address(host).is_unspecified or ip_address(host).is_loopback else host
    except ValueError:
        if host == 'localhost':
            return None
        raise SharingError(
            f'{host} is no address, such as 192.168.1.5. Leave out --host to share at all of them.'
        ) from None
