"""An audience: those who read along what the host and the AI say, on a second screen."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, MutableMapping
from typing import Protocol

from components.conversation.transcript.transcript import Transcript


class Reader(Protocol):
    """A page on which somebody reads along."""

    def show(self, transcript: Transcript, changed: Collection[str] | None) -> None:
        """Show what was said; see `Chat.show`."""

    def show_calling(self, calling: bool) -> None:
        """Say whether a call is on."""

    def show_end(self) -> None:
        """Say that there is nothing to read any more."""


class Audiences:
    """The audiences that hosts have opened, by the secret word in their address."""

    def __init__(self) -> None:
        self._open: dict[str, Audience] = {}

    def of(self, transcript: Transcript) -> Audience:
        """Return an audience for a page's transcript, which nobody joins until it is opened."""
        return Audience(transcript, self._open)

    def find(self, token: str) -> Audience | None:
        """Return the audience with this word, as long as it is open."""
        return self._open.get(token)


class Audience:
    """Those who read along one transcript while that is open to them. `path` is then where, relative to Parley."""

    def __init__(self, transcript: Transcript, all_open: MutableMapping[str, Audience]) -> None:
        """See `Audiences.of`."""
        self._transcript = transcript
        self._all_open = all_open
        self._token = ''
        self._calling = False
        self._readers: list[Reader] = []

    @property
    def path(self) -> str:
        return f'audience/{self._token}'

    def open(self) -> None:
        """Let others read along, at an address that nobody can guess."""
        self.close()
        self._token = secrets.token_urlsafe(16)
        self._all_open[self._token] = self

    def join(self, reader: Reader) -> Callable[[], None]:
        """Let a page read along, from what was said before. Gives what ends that."""
        self._readers.append(reader)
        reader.show(self._transcript, None)
        reader.show_calling(self._calling)
        return lambda: self._readers.remove(reader) if reader in self._readers else None

    def show(self, changed: Collection[str] | None) -> None:
        """Something was said; see `Chat.show`."""
        for reader in self._readers:
            reader.show(self._transcript, changed)

    def call(self, calling: bool) -> None:
        """A call began or ended."""
        self._calling = calling
        for reader in self._readers:
            reader.show_calling(calling)

    def close(self) -> None:
        """Nobody reads along any more. Closing twice does no harm."""
        self._all_open.pop(self._token, None)
        while self._readers:
            self._readers.pop().show_end()
