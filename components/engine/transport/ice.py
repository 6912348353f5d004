"""How browsers reach the engine (ICE). aioice has no settings for this, so its module is patched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import aioice.ice


@contextmanager
def adjusted(*, local_only: Callable[[], bool]) -> Iterator[None]:
    """Patch aioice in the whole process while the context lasts.

    - It also offers the loopback address, which aioice always leaves out. Chromium reaches it from any of its own
      addresses, past host firewalls and VPNs.
    - While `local_only` returns true, new connections offer the loopback address alone (but see `reached_by`) and drop
      packets of other machines.
    - It notices after 6 checks in 15 seconds, instead of 30, that a browser has vanished. Browsers give a call up 10 to
      12 seconds after their network went, so a shorter gap ends no call.
    """
    before = {name: getattr(aioice.ice, name) for name in ADJUSTED}

    def get_host_addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        if local_only() and _loopback_suffices.get():
            return [_LOOPBACK]
        return [*_own_addresses(use_ipv4, use_ipv6), _LOOPBACK]

    def stun_protocol(receiver: aioice.ice.Connection) -> aioice.ice.StunProtocol:
        return _LocalStunProtocol(receiver) if local_only() else _StunProtocol(receiver)

    after = {
        'get_host_addresses': get_host_addresses,
        'StunProtocol': stun_protocol,
        'CONSENT_INTERVAL': 2.5,
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
    """Set, for connections made within the context, whether their browser can reach the loopback address.

    A browser that cannot is offered this machine's other addresses, even with `local_only`. Other browsers are not: a
    call over the loopback address survives a change of networks, and no firewall asks about it.
    """
    token = _loopback_suffices.set(loopback)
    try:
        yield
    finally:
        _loopback_suffices.reset(token)


def usable_candidates(sdp: str) -> str:
    """Return the offer without candidates that only cost time.

    An mDNS name (`.local`) takes a second to fail to resolve, and the engine does not use TCP. Nothing is lost: the
    browser's own checks reveal its address. If no candidate is left, `end-of-candidates` goes too, as it would mean
    that the browser cannot be reached.
    """
    lines = [line for line in sdp.splitlines() if not _is_useless(line)]
    if not any(line.startswith('a=candidate:') for line in lines):
        lines = [line for line in lines if line != 'a=end-of-candidates']
    return '\r\n'.join(lines) + '\r\n'


def _is_useless(line: str) -> bool:
    return line.startswith('a=candidate:') and ('.local ' in line or ' tcp ' in line.lower())


_StunProtocol = aioice.ice.StunProtocol


class _LocalStunProtocol(_StunProtocol):
    """Drops packets of other machines.

    Their addresses cannot be forged: a system accepts no datagram from the network that claims to come from itself.
    """

    def __init__(self, receiver: aioice.ice.Connection) -> None:
        super().__init__(receiver)
        self._own = {_LOOPBACK, *_own_addresses(True, True)}

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        if addr[0] in self._own:
            super().datagram_received(data, addr)


ADJUSTED = ('get_host_addresses', 'StunProtocol', 'CONSENT_INTERVAL')
_LOOPBACK = '127.0.0.1'
_own_addresses = aioice.ice.get_host_addresses
_loopback_suffices = ContextVar('_loopback_suffices', default=True)
