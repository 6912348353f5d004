"""What is left of a client's tokens: `rate_limits.updated` of the Realtime API."""

from .usage import Usage
from .wire import Json


def rate_limits(usage: Usage) -> list[Json]:
    """The limits after a response. They are those of a large account, and the engine never enforces them."""
    return [
        {
            'name': 'tokens',
            'limit': _TOKENS_A_MINUTE,
            'remaining': max(_TOKENS_A_MINUTE - usage.total, 0),
            'reset_seconds': round(usage.total * 60 / _TOKENS_A_MINUTE, 3),
        }
    ]


_TOKENS_A_MINUTE = 15_000_000
