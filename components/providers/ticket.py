"""A ticket: all that a browser needs to place one call. And the address of a socket: all that Python needs for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CallTransport = Literal['webrtc', 'relay']
"""How one call's sound and events travel."""


@dataclass(frozen=True)
class Ticket:
    """All that a browser needs to place one call, by either transport. Used once.

    Attributes:
        url: Where the call is placed: for `webrtc` the SDP offer is posted there, for `relay` the WebSocket is opened
            below it. Relative to the page, or absolute.
        token: Grants one call.
        expires_at: Unix seconds.
    """

    url: str
    token: str = field(repr=False)
    expires_at: float


@dataclass(frozen=True)
class PlacedCall:
    """A call that Python has placed for a browser."""

    answer: str = field(repr=False)  # SDP
    id: str  # what the provider calls it; '' where it does not say


class ProviderError(Exception):
    """A provider gave no ticket, or placed no call.

    ``code`` is the service's own ``error.code`` when it is one of ``SERVICE_CODES``; otherwise the HTTP status
    (``http_401``, ``http_403``, ``http_404``, ``http_429``, ``http_4xx``, ``http_5xx``), or ``provider_unreachable``,
    ``provider_timeout``, ``provider_answer_unusable``, ``relay_only``, ``ticket_invalid``,
    ``ticket_used``. ``detail`` is the service's message without anything secret, or empty. ``status`` and ``body`` are
    for a browser that is told by HTTP: the service's own, as far as it said any, without anything secret.
    """

    def __init__(
        self, code: str, detail: str = '', *, status: int = 502, error: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(f'{code}: {detail}' if detail else code)
        self.code = code
        self.detail = detail
        self.status = status
        own = {'type': 'invalid_request_error', 'code': code, 'message': detail, 'param': None}
        self.body = {'error': error or own}


SERVICE_CODES = frozenset({'invalid_api_key', 'insufficient_quota', 'model_not_found', 'rate_limit_exceeded'})


@dataclass(frozen=True)
class SocketAddress:
    """Where Python opens a call over WebSocket. It holds the server's key, so it never leaves Python."""

    url: str  # ws or wss, with the model in it
    headers: Mapping[str, str] = field(repr=False)
