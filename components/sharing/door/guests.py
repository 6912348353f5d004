"""The guests who are in, and the tokens that identify their browsers."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from components.sharing.visitor import Device, Guest

LIFETIME = 12 * 3600
"""Seconds after which a guest must enter the passcode again."""

CAPACITY = 200
"""Guests at once: far more than the engine can serve, but a bound for the memory."""

MOST_OF_ADDRESS = 8
"""Guests of one address, which usually is one device: whoever forgets their cookie comes as a new guest."""

KEPT_OUT_SECONDS = 3600.0
"""How long an address is kept out after the host has asked for it."""

MOST_REMEMBERED = 1000
"""Addresses whose account is remembered after their guests have left."""

LONGEST_NAME = 40
"""Characters."""


class TooManyGuests(Exception):
    """No more guests can come in at the moment."""


class Guests:
    """The guests who are in. They are only kept in memory: all visits end with the program.

    Cookies are easily thrown away, so guests are also known by their address: each has room for a few, and a newcomer
    goes on with the account of someone who came from there and is away. Guests who are away make room for others.

    Attributes:
        is_here: Tells whether a guest has a page open.

    Args:
        capacity: How many guests can be in at once.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.is_here: Callable[[str], bool] = lambda guest_id: False
        self._capacity = capacity
        self._accounts: dict[str, str] = {}  # of guests who have left, by address
        self._kept_out: dict[str, float] = {}  # until when, by address
        self._visits: dict[bytes, _Visit] = {}
        self._listeners: list[Callable[[], None]] = []

    def admit(self, name: str, device: Device, address: str, now: float, shown: str | None = None) -> tuple[Guest, str]:
        """Let someone in who knows the passcode. Returns the guest and the token for the cookie.

        Args:
            name: The name that the guest chose; it is shortened, cleaned and made unique.
            device: The device that the browser runs on.
            address: The guest's IP address.
            now: Unix seconds.
            shown: The token that the browser already has: then it is the same guest again.

        Raises:
            TooManyGuests: The capacity is used up.
        """
        self._drop([digest for digest, visit in self._visits.items() if now >= visit.ends])
        before = self._visits.pop(_digest(shown), None) if shown else None
        self._make_room(address)
        name = self._unique(clean_name(name))
        if before:
            guest = replace(before.guest, name=name, device=device, address=address)
        else:
            guest_id = secrets.token_hex(8)
            guest = Guest(guest_id, name, device, address, now, self._account(address) or guest_id)
        token = secrets.token_urlsafe(32)
        self._visits[_digest(token)] = _Visit(guest, now + LIFETIME)
        self._tell()
        return guest, token

    def account_of(self, guest_id: str) -> str:
        """Return what a guest's talking time is counted under."""
        return next((guest.account for guest in self.all if guest.id == guest_id), guest_id) or guest_id

    def keep_out(self, guest_id: str, now: float) -> None:
        """Remove a guest, and let nobody in from their address for a while."""
        for guest in self.all:
            if guest.id == guest_id:
                self._kept_out[guest.address] = now + KEPT_OUT_SECONDS
        self.remove(guest_id)

    def kept_out(self, address: str, now: float) -> float:
        """Return for how many more seconds an address is kept out; 0 if it may come in."""
        self._kept_out = {each: until for each, until in self._kept_out.items() if now < until}
        return max(0.0, self._kept_out.get(address, 0.0) - now)

    def find(self, token: str, now: float) -> Guest | None:
        """Return the guest with a token, if they are still welcome."""
        visit = self._visits.get(_digest(token))
        return visit.guest if visit and now < visit.ends else None

    def remove(self, guest_id: str) -> None:
        """Invalidate a guest's token; the door closes their sockets. Removing twice does no harm."""
        self._keep(lambda visit: visit.guest.id != guest_id)

    def clear(self) -> None:
        """Remove all guests."""
        self._keep(lambda visit: False)

    @property
    def all(self) -> list[Guest]:
        """The guests who are in, the earliest first."""
        return [visit.guest for visit in self._visits.values()]

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever a guest comes or is removed. Returns a function that unsubscribes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _keep(self, stays: 'Callable[[_Visit], bool]') -> None:
        if gone := [digest for digest, visit in self._visits.items() if not stays(visit)]:
            self._drop(gone)
            self._tell()

    def _drop(self, digests: list[bytes]) -> None:
        for digest in digests:
            guest = self._visits.pop(digest).guest
            self._accounts.pop(guest.address, None)
            self._accounts[guest.address] = guest.account
        for address in list(self._accounts)[: max(0, len(self._accounts) - MOST_REMEMBERED)]:
            del self._accounts[address]

    def _make_room(self, address: str) -> None:
        """Let a guest go who is away, if need be. Raises TooManyGuests if all are here."""
        of_address = [digest for digest, visit in self._visits.items() if visit.guest.address == address]
        for digests, most in ((of_address, MOST_OF_ADDRESS), ([*self._visits], self._capacity)):
            if len(digests) >= most:
                away = [digest for digest in digests if not self.is_here(self._visits[digest].guest.id)]
                if not away:
                    raise TooManyGuests
                self._drop(away[:1])

    def _account(self, address: str) -> str | None:
        away = [guest.account for guest in self.all if guest.address == address and not self.is_here(guest.id)]
        return away[-1] if away else self._accounts.get(address)

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    def _unique(self, name: str) -> str:
        taken = {guest.name.casefold() for guest in self.all}
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f'{name} {number}'
        return candidate


@dataclass(frozen=True)
class _Visit:
    guest: Guest
    ends: float


def clean_name(name: str) -> str:
    """Reduce a typed name to one line of visible characters."""
    visible = ''.join(character if character.isprintable() else ' ' for character in name)
    return ' '.join(visible.split())[:LONGEST_NAME].strip() or 'Guest'


def _digest(token: str) -> bytes:
    # looking up a digest prevents guessing a token letter by letter from how long the search takes
    return hashlib.sha256(token.encode()).digest()
