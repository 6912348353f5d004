"""Short-lived keys, with which browsers place calls instead of the real key."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig
from components.engine.protocol.wire import new_id


@dataclass(frozen=True)
class Key:
    """A key and the session that it opens. `expires_at` is a Unix time in seconds."""

    value: str
    expires_at: int
    config: AnyConfig


class Keys:
    """The valid keys. A key opens any number of calls until it expires. A call may outlive its key."""

    def __init__(self, *, now: Callable[[], float] = time.time, most: int = 10_000) -> None:
        self._now = now
        self._most = most
        self._keys: dict[str, Key] = {}

    def mint(self, config: AnyConfig, *, seconds: int) -> Key:
        """Make a key for so many seconds. Raises `RealtimeError` (`rate_limit_exceeded`) if too many keys are valid."""
        self._keys = {value: key for value, key in self._keys.items() if key.expires_at > self._now()}
        if len(self._keys) >= self._most:
            raise RealtimeError(
                'There are too many valid keys. Use one of them, or try again when one has expired.',
                code='rate_limit_exceeded',
                type='rate_limit_error',
                status=429,
            )
        key = Key(new_id('ek'), int(self._now()) + seconds, config)
        self._keys[key.value] = key
        return key

    def redeem(self, value: str) -> AnyConfig:
        """Return the session that a key opens. Raises `RealtimeError` (`invalid_api_key`) if it is not valid."""
        key = self._keys.get(value)
        if key is None:
            raise RealtimeError('Incorrect API key provided.', code='invalid_api_key', status=401)
        if key.expires_at <= self._now():
            raise RealtimeError(
                'This ephemeral key has expired. Ask for a new one.', code='invalid_api_key', status=401
            )
        return key.config
