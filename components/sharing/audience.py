"""An audience: those who read along what the host and the AI say, on a second screen."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from typing import Protocol

from components.conversation.transcript import Transcript


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

    def open(self, transcript: Transcript, *, calling: bool) -> Audience:
        """Let others read along, at an address that nobody can guess.

        :param calling: whether a call is on
        """
        token = secrets.token_urlsafe(16)
        audience = self._open[token] = Audience(f'audience/{token}', transcript, calling)
        audience.on_close = lambda: self._open.pop(token, None)
        return audience

    def find(self, token: str) -> Audience | None:
        """Return the audience with this word, as long as it is open."""
        return self._open.get(token)


class Audience:
    """One transcript that others read along. `path` is its address, relative to Parley's."""

    on_close: Callable[[], object]

    def __init__(self, path: str, transcript: Transcript, calling: bool) -> None:
        self.path = path
        self.on_close = lambda: None
        self._transcript = transcript
        self._calling = calling
        self._readers: list[Reader] = []

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
        self.on_close()
        while self._readers:
            self._readers.pop().show_end()
