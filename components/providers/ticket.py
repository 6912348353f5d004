"""Tickets for one call: the browser's, or the address of a WebSocket that Python opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

CallTransport = Literal['webrtc', 'relay']
"""How one call's sound and events travel."""


@dataclass(frozen=True)
class Ticket:
    """All that a browser needs to place one call, by either transport. Used once.

    Attributes:
        url: The address of the call: for `webrtc` the SDP offer is posted there, for `relay` the WebSocket is opened
            below it. Relative to the page, or absolute.
        token: Grants one call.
        expires_at: Unix seconds.
        ahead: Whether it was fetched before anybody wanted to call. Such a ticket may be stale, as after a restart of
            the service; if it is refused, the browser asks for another one, once.
    """

    url: str
    token: str = field(repr=False)
    expires_at: float
    ahead: bool = False

    def below(self, prefix: str) -> Ticket:
        """Return the ticket for a page that is served below a path; absolute addresses stay."""
        return replace(self, url=prefix + self.url) if self.url.startswith('/') else self


@dataclass(frozen=True)
class PlacedCall:
    """A call that Python has placed for a browser.

    Attributes:
        answer: The provider's SDP answer.
        id: The provider's id of the call; empty if it gives none.
    """

    answer: str = field(repr=False)
    id: str


@dataclass(frozen=True)
class SocketAddress:
    """The address at which Python opens a call over WebSocket. It holds the server's key, so it never leaves Python.

    Attributes:
        url: A `ws` or `wss` URL that names the model.
        headers: The headers of the handshake.
        proxy: The URL of the proxy on the way, which may hold a password; None if there is none.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    proxy: str | None = field(default=None, repr=False)
