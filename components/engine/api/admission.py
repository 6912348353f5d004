"""Checks the keys of clients: the key of the server, and short-lived keys."""

import secrets

from starlette.requests import HTTPConnection

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig

from .keys import Keys


class Admission:
    """Decides what a client may do, by its key.

    Without a server `key`, every client without a short-lived key counts as the owner of the server. Keys are sent as
    `Authorization: Bearer ...` or, because the WebSockets of browsers cannot send headers, as the subprotocol
    `openai-insecure-api-key....`. All methods raise `RealtimeError` (`invalid_api_key`).
    """

    def __init__(self, keys: Keys, key: str | None) -> None:
        self._keys = keys
        self._key = key

    def check_owner(self, connection: HTTPConnection) -> None:
        """Refuse clients that do not have the server's key."""
        shown = _shown_key(connection) or ''
        is_right = self._key is None or secrets.compare_digest(shown.encode(), self._key.encode())
        if not is_right or shown.startswith('ek_'):
            raise RealtimeError('Incorrect API key provided.', code='invalid_api_key', status=401)

    def session(self, connection: HTTPConnection) -> AnyConfig | None:
        """Return the session that a short-lived key opens, or None for the server's own key."""
        shown = _shown_key(connection)
        if shown is None:
            raise RealtimeError('Missing bearer authentication in header.', code='invalid_api_key', status=401)
        if shown.startswith('ek_'):
            return self._keys.redeem(shown)
        self.check_owner(connection)
        return None


def _shown_key(connection: HTTPConnection) -> str | None:
    scheme, _, value = connection.headers.get('authorization', '').partition(' ')
    if scheme.lower() == 'bearer' and value.strip():
        return value.strip()
    for protocol in connection.scope.get('subprotocols', ()):
        if protocol.startswith(_KEY_PROTOCOL):
            return str(protocol.removeprefix(_KEY_PROTOCOL)) or None
    return None


_KEY_PROTOCOL = 'openai-insecure-api-key.'
