"""Checks passcodes: lets people in, or says why not."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from components.sharing.visitor import Device

from .guests import Guests, TooManyGuests
from .passcode import Passcode
from .passcode_attempts import PasscodeAttempts


@dataclass(frozen=True)
class Rejection:
    """Why someone wasn't let in, and the seconds until the next try."""

    reason: Literal['wrong', 'wait', 'full', 'kept_out']
    wait: int = 0


class Admission:
    """Compares passcodes, and makes addresses wait that guess.

    Args:
        guests: The guests who are in.
        passcode: The passcode of the moment; it may be replaced at any time.
        clock: Gives seconds of a monotonic clock.
        now: Gives Unix seconds.
    """

    def __init__(
        self, guests: Guests, passcode: Passcode, clock: Callable[[], float], now: Callable[[], float]
    ) -> None:
        self.passcode = passcode
        self._guests = guests
        self._clock = clock
        self._now = now
        self._attempts = PasscodeAttempts()

    def knows(self, token: str | None) -> bool:
        """Tell whether a token belongs to a guest."""
        return bool(token and self._guests.find(token, self._now()))

    def ask(self, given: str, name: str, address: str, device: Device, shown: str | None = None) -> str | Rejection:
        """Return a token for someone who knows the passcode, or why not.

        While an address must wait, nothing is compared.

        Args:
            given: The entered passcode.
            name: The name that the guest chose.
            address: The guest's IP address.
            device: The device that the guest's browser runs on.
            shown: The token that the browser already has; see `Guests.admit`.
        """
        if wait := self._guests.kept_out(address, self._now()):
            return Rejection('kept_out', math.ceil(wait))
        if wait := self._attempts.wait(address, self._clock()):
            return Rejection('wait', math.ceil(wait))
        if not self.passcode.fits(given):
            self._attempts.failed(address, self._clock())
            return Rejection('wrong', math.ceil(self._attempts.wait(address, self._clock())))
        self._attempts.succeeded(address)
        try:
            _, token = self._guests.admit(name, device, address, self._now(), shown)
        except TooManyGuests:
            return Rejection('full')
        return token
