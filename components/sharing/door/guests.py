"""The guests who are in, and the tokens by which their browsers are known again."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from components.sharing.visitor import Device, Guest

LIFETIME = 12 * 3600
"""Seconds after which a guest is asked for the passcode again."""

CAPACITY = 200
"""Guests at once; far more than the engine's calls, and a bound for the memory."""

LONGEST_NAME = 40
"""Characters."""


class TooManyGuests(Exception):
    """Nobody else can come in now."""


class Guests:
    """Who is in. Kept in memory alone: when the program ends, so do all visits."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._visits: dict[bytes, _Visit] = {}
        self._listeners: list[Callable[[], None]] = []

    def admit(self, name: str, device: Device, address: str, now: float, shown: str | None = None) -> tuple[Guest, str]:
        """Let somebody in who knew the passcode. Gives the guest and the token for the cookie. Raises TooManyGuests.

        :param name: what the guest wants to be called; cut, cleaned and made unlike the others'
        :param now: unix seconds
        :param shown: the token that the browser has already: who comes in again is the same guest
        """
        self._visits = {digest: visit for digest, visit in self._visits.items() if now < visit.ends}
        before = self._visits.pop(_digest(shown), None) if shown else None
        if len(self._visits) >= self._capacity:
            raise TooManyGuests
        guest_id, since = (before.guest.id, before.guest.since) if before else (secrets.token_hex(8), now)
        guest = Guest(guest_id, self._unlike_others(clean_name(name)), device, address, since)
        token = secrets.token_urlsafe(32)
        self._visits[_digest(token)] = _Visit(guest, now + LIFETIME)
        self._tell()
        return guest, token

    def find(self, token: str, now: float) -> Guest | None:
        """Return the guest with this token, if still welcome."""
        visit = self._visits.get(_digest(token))
        return visit.guest if visit and now < visit.ends else None

    def remove(self, guest_id: str) -> None:
        """Let a guest's token open nothing any more; the door closes what is open. Removing twice does no harm."""
        self._keep(lambda visit: visit.guest.id != guest_id)

    def clear(self) -> None:
        """Remove all."""
        self._keep(lambda visit: False)

    @property
    def all(self) -> list[Guest]:
        """Who is in, the longest first."""
        return [visit.guest for visit in self._visits.values()]

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever somebody came or was removed. Gives what ends that."""
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

    def _unlike_others(self, name: str) -> str:
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
    """Make one line of visible characters of what somebody typed."""
    visible = ''.join(character if character.isprintable() else ' ' for character in name)
    return ' '.join(visible.split())[:LONGEST_NAME].strip() or 'Guest'


def _digest(token: str) -> bytes:
    # Looked up by its digest, a token cannot be guessed letter by letter from how long the search takes.
    return hashlib.sha256(token.encode()).digest()
