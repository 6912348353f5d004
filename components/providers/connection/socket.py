"""The behaviour of a WebSocket to a service."""

from __future__ import annotations

from typing import Protocol


class ServiceSocket(Protocol):
    """An open WebSocket to a service."""

    async def send(self, text: str) -> None:
        """Send a message, when the service has room for it. Raises ServiceClosed."""

    async def receive(self) -> str:
        """Wait for the next message. Raises ServiceClosed."""

    async def close(self) -> None:
        """Close it. Closing twice does no harm."""


class ServiceClosed(Exception):
    """The service has ended the session, or the network has.

    `code` and `reason` are those of a WebSocket (RFC 6455, section 7.4.1); 1006 is a connection that broke.
    """

    def __init__(self, code: int = 1006, reason: str = '') -> None:
        super().__init__(f'{code} {reason}'.rstrip())
        self.code = code
        self.reason = reason


class ServiceRefused(Exception):
    """The service refused the session, with an HTTP status and a body."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(str(status))
        self.status = status
        self.body = body
