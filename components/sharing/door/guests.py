"""The guests who are in, and the tokens that identify their browsers."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from components.sharing.visitor import Device, Guest

LIFETIME = 12 * 3600
"""Seconds after which a guest must enter the passcode again."""

CAPACITY = 200
"""Guests at once: far more than the engine can serve, but a bound for the memory."""

LONGEST_NAME = 40
"""Characters."""


class TooManyGuests(Exception):
    """No more guests can come in at the moment."""


class Guests:
    """The guests who are in. They are only kept in memory: all visits end with the program.

    Args:
        capacity: How many guests can be in at once.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
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
        self._visits = {digest: visit for digest, visit in self._visits.items() if now < visit.ends}
        before = self._visits.pop(_digest(shown), None) if shown else None
        if len(self._visits) >= self._capacity:
            raise TooManyGuests
        guest_id, since = (before.guest.id, before.guest.since) if before else (secrets.token_hex(8), now)
        guest = Guest(guest_id, self._unique(clean_name(name)), device, address, since)
        token = secrets.token_urlsafe(32)
        self._visits[_digest(token)] = _Visit(guest, now + LIFETIME)
        self._tell()
        return guest, token

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
        before = len(self._visits)
        self._visits = {digest: visit for digest, visit in self._visits.items() if stays(visit)}
        if len(self._visits) != before:
            self._tell()

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
