"""Limits how often passcodes can be tried: each wrong one doubles the wait."""

from dataclasses import dataclass
from ipaddress import ip_address

FREE = 3
"""Wrong attempts without a wait, since people mistype."""

LONGEST = 3600.0
"""Seconds. The first wait is one second, and each wrong attempt doubles it up to this."""

FORGOTTEN = 2 * LONGEST
"""Seconds after which the wrong attempts of an address are forgotten."""

SIZE = 1000
"""Addresses that are counted separately; all others share one count, so that using many addresses gains nothing."""


class PasscodeAttempts:
    """Counts wrong attempts by address. Times are seconds of a monotonic clock.

    Args:
        size: How many addresses are counted separately.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._wrong: dict[str, _Wrong] = {}

    def wait(self, address: str, now: float) -> float:
        """Return the seconds until an address may try again; 0 if it may now."""
        wrong = self._wrong.get(self._place(address))
        return max(0.0, wrong.until - now) if wrong else 0.0

    def failed(self, address: str, now: float) -> None:
        """Count a wrong attempt of an address."""
        self._forget(now)
        place = self._place(address)
        wrong = self._wrong.setdefault(place, _Wrong())
        wrong.count += 1
        wrong.last = now
        wrong.until = now + _delay(wrong.count)

    def succeeded(self, address: str) -> None:
        """Forget the wrong attempts of an address."""
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
    """Return the address, or for IPv6 its 64-bit network, whose addresses usually belong to one machine."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ip_address(int(parsed) >> 64 << 64))


_OTHERS = 'others'
