"""An audience: people who read along what the host and the AI say, on a second screen."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, MutableMapping
from typing import Protocol

from components.conversation.transcript.transcript import Transcript


class Reader(Protocol):
    """A page of the audience."""

    def show(self, transcript: Transcript, changed: Collection[str] | None) -> None:
        """Show what was said; see `Chat.show`."""

    def show_calling(self, calling: bool) -> None:
        """Say whether a call is in progress."""

    def show_end(self) -> None:
        """Say that the audience view has been closed."""


class Audiences:
    """The open audiences, by the secret token in their address."""

    def __init__(self) -> None:
        self._open: dict[str, Audience] = {}

    def of(self, transcript: Transcript) -> Audience:
        """Return an audience for a page's transcript. Nobody can join until it is opened."""
        return Audience(transcript, self._open)

    def find(self, token: str) -> Audience | None:
        """Return the audience with a token, if it is open."""
        return self._open.get(token)


class Audience:
    """The audience of one transcript. Made by `Audiences.of`.

    Args:
        transcript: The transcript to show.
        all_open: All open audiences, by token.
    """

    def __init__(self, transcript: Transcript, all_open: MutableMapping[str, Audience]) -> None:
        self._transcript = transcript
        self._all_open = all_open
        self._token = ''
        self._calling = False
        self._readers: list[Reader] = []

    @property
    def path(self) -> str:
        """The path of the audience view, relative to Parley's address."""
        return f'audience/{self._token}'

    def open(self) -> None:
        """Open the audience view at an address that cannot be guessed."""
        self.close()
        self._token = secrets.token_urlsafe(16)
        self._all_open[self._token] = self

    def join(self, reader: Reader) -> Callable[[], None]:
        """Show a page what was said and what follows. Returns a function that ends this."""
        self._readers.append(reader)
        reader.show(self._transcript, None)
        reader.show_calling(self._calling)
        return lambda: self._readers.remove(reader) if reader in self._readers else None

    def show(self, changed: Collection[str] | None) -> None:
        """Show what was said; see `Chat.show`."""
        for reader in self._readers:
            reader.show(self._transcript, changed)

    def call(self, calling: bool) -> None:
        """Show that a call has begun or ended."""
        self._calling = calling
        for reader in self._readers:
            reader.show_calling(calling)

    def close(self) -> None:
        """Close the audience view. Closing twice does no harm."""
        self._all_open.pop(self._token, None)
        while self._readers:
            self._readers.pop().show_end()
