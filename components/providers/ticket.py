"""A ticket: all that a browser needs to place one call."""

from dataclasses import dataclass, field

from components.settings.catalogue import ProviderKind


@dataclass(frozen=True)
class Ticket:
    """Where to send the SDP offer of one call, and the short-lived token that opens the door. Used once."""

    calls_url: str  # absolute, or relative to the page for a service at the page's own address
    token: str = field(repr=False)
    expires_at: float  # unix seconds
    provider: ProviderKind


class ProviderError(Exception):
    """A provider gave no ticket.

    ``code`` is the service's own ``error.code`` when it is one of ``SERVICE_CODES``; otherwise the HTTP status
    (``http_401``, ``http_403``, ``http_404``, ``http_429``, ``http_4xx``, ``http_5xx``), or ``provider_unreachable``,
    ``provider_timeout``, ``provider_answer_unusable``. ``detail`` is the service's message without anything secret,
    or empty.
    """

    def __init__(self, code: str, detail: str = '') -> None:
        super().__init__(f'{code}: {detail}' if detail else code)
        self.code = code
        self.detail = detail


SERVICE_CODES = frozenset({'invalid_api_key', 'insufficient_quota', 'model_not_found', 'rate_limit_exceeded'})
