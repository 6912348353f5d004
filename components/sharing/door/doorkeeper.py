"""A knock at the door: somebody shows a passcode and is let in, or told why not."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from components.sharing.visitor import device

from .guests import Guests, TooManyGuests
from .passcode import Passcode
from .tries import Tries


@dataclass(frozen=True)
class Rejection:
    """Why somebody was not let in, and the seconds until the next try."""

    reason: Literal['wrong', 'wait', 'full']
    wait: int = 0


class Doorkeeper:
    """Compares passcodes, and makes whoever guesses wait."""

    def __init__(
        self, guests: Guests, passcode: Passcode, clock: Callable[[], float], now: Callable[[], float]
    ) -> None:
        """
        :param clock: seconds of a clock that never goes back
        :param now: unix seconds
        """
        self.passcode = passcode
        self._guests = guests
        self._clock = clock
        self._now = now
        self._tries = Tries()

    def knows(self, token: str | None) -> bool:
        """Tell whether a browser with this token may stay."""
        return bool(token and self._guests.find(token, self._now()))

    def ask(self, given: str, name: str, address: str, user_agent: str, shown: str | None = None) -> str | Rejection:
        """Return the token for somebody who knows the passcode, or why not. Who must wait is not even listened to.

        :param shown: the token that the browser has already, see `Guests.admit`
        """
        if wait := self._tries.wait(address, self._clock()):
            return Rejection('wait', math.ceil(wait))
        if not self.passcode.fits(given):
            self._tries.failed(address, self._clock())
            return Rejection('wrong', math.ceil(self._tries.wait(address, self._clock())))
        self._tries.succeeded(address)
        try:
            _, token = self._guests.admit(name, device(user_agent), address, self._now(), shown)
        except TooManyGuests:
            return Rejection('full')
        return token
