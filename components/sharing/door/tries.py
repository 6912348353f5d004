"""How often somebody may try the door: ever longer waits after wrong passcodes."""

from dataclasses import dataclass
from ipaddress import ip_address

FREE = 3
"""Wrong tries without a wait: people mistype."""

LONGEST = 3600.0
"""Seconds. The first wait is a second, and each wrong try doubles it up to here."""

FORGOTTEN = 2 * LONGEST
"""Seconds after which the wrong tries of an address are forgotten."""

SIZE = 1000
"""Addresses that are remembered one by one; the others share one place, so that many addresses win nothing."""


class Tries:
    """Wrong tries by address. Times are seconds of one clock that never goes back."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._wrong: dict[str, _Wrong] = {}

    def wait(self, address: str, now: float) -> float:
        """Seconds until this address may try again; 0 for now."""
        wrong = self._wrong.get(self._place(address))
        return max(0.0, wrong.until - now) if wrong else 0.0

    def failed(self, address: str, now: float) -> None:
        """Count a wrong try."""
        self._forget(now)
        place = self._place(address)
        wrong = self._wrong.setdefault(place, _Wrong())
        wrong.count += 1
        wrong.last = now
        wrong.until = now + _delay(wrong.count)

    def succeeded(self, address: str) -> None:
        """Forget the wrong tries of an address."""
        self._wrong.pop(self._place(address), None)

    def __len__(self) -> int:
        return len(self._wrong)

    def _place(self, address: str) -> str:
        network = _network(address)
        return network if network in self._wrong or len(self._wrong) < self._size else _OTHERS

    def _forget(self, now: float) -> None:
        for place in [place for place, wrong in self._wrong.items() if now - wrong.last > FORGOTTEN]:
            del self._wrong[place]


@dataclass
class _Wrong:
    count: int = 0
    last: float = 0.0
    until: float = 0.0


def _delay(count: int) -> float:
    return min(2.0 ** (count - FREE), LONGEST) if count >= FREE else 0.0


def _network(address: str) -> str:
    """The address, or for IPv6 its network of 64 bits: whoever has one of its addresses has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ip_address(int(parsed) >> 64 << 64))


_OTHERS = 'others'
