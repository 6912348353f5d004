"""How the engine lets itself be reached. aioice has no settings for this, so its module is adjusted."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import aioice.ice


@contextmanager
def adjusted(*, local_only: bool) -> Iterator[None]:
    """Adjust aioice, in the whole process, for as long as the context lasts.

    - The loopback address is offered too, which aioice always leaves out. Chromium reaches it from any of its own
      addresses, past host firewalls and VPN.
    - `local_only`: the loopback address is offered alone, see `reached_by`, and nothing is heard of other machines.
    - A browser that vanished is noticed after 3 checks in 6 seconds, instead of after 6 in 30.
    """
    before = {name: getattr(aioice.ice, name) for name in ADJUSTED}

    def get_host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        if local_only and _loopback_suffices.get():
            return [_LOOPBACK]
        return [*_own_addresses(use_ipv4, use_ipv6), _LOOPBACK]

    after = {
        'get_host_addresses': get_host_addresses,
        'StunProtocol': _DeafToOthers if local_only else _StunProtocol,
        'CONSENT_INTERVAL': 2,
        'CONSENT_FAILURES': 3,
    }
    try:
        for name in ADJUSTED:
            setattr(aioice.ice, name, after[name])
        yield
    finally:
        for name in ADJUSTED:
            setattr(aioice.ice, name, before[name])


@contextmanager
def reached_by(*, loopback: bool) -> Iterator[None]:
    """Tell, for a connection that is made within the context, whether its browser can reach the loopback address.

    One that cannot is offered this machine's other addresses even where nobody else may come. They are not offered to
    all: a call by the loopback address outlasts a change of networks, and no firewall asks about it.
    """
    token = _loopback_suffices.set(loopback)
    try:
        yield
    finally:
        _loopback_suffices.reset(token)


def usable_candidates(sdp: str) -> str:
    """The offer without candidates that only cost time.

    An mDNS name (`.local`) takes a second to stay unresolved, and TCP is not spoken here. Nothing is lost: the
    browser's own checks tell its address. With no candidate left, `end-of-candidates` would mean that there is no way.
    """
    lines = [line for line in sdp.splitlines() if not _is_useless(line)]
    if not any(line.startswith('a=candidate:') for line in lines):
        lines = [line for line in lines if line != 'a=end-of-candidates']
    return '\r\n'.join(lines) + '\r\n'


def _is_useless(line: str) -> bool:
    return line.startswith('a=candidate:') and ('.local ' in line or ' tcp ' in line.lower())


_StunProtocol = aioice.ice.StunProtocol


class _DeafToOthers(_StunProtocol):
    """Drops what other machines send.

    None can pretend to be this one: systems take no datagram from the network that claims to come from themselves.
    """

    def __init__(self, receiver: aioice.ice.Connection) -> None:
        super().__init__(receiver)
        self._own = {_LOOPBACK, *_own_addresses(True, True)}

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        if addr[0] in self._own:
            super().datagram_received(data, addr)


ADJUSTED = ('get_host_addresses', 'StunProtocol', 'CONSENT_INTERVAL', 'CONSENT_FAILURES')
_LOOPBACK = '127.0.0.1'
_own_addresses = aioice.ice.get_host_addresses
_loopback_suffices = ContextVar('_loopback_suffices', default=True)
