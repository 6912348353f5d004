"""Short-lived keys, with which browsers place calls instead of the real key."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.reading import parse_json
from components.engine.protocol.session_config import AnyConfig, read_config
from components.engine.protocol.wire import new_id, to_text


@dataclass(frozen=True)
class Key:
    """A key and the session that it opens, as JSON. `expires_at` is a Unix time in seconds.

    JSON takes exactly its length; as objects, the same session may take twenty times as much.
    """

    value: str
    expires_at: int
    session: str = field(repr=False)


class Keys:
    """The valid keys. A key opens any number of calls until it expires. A call may outlive its key.

    The oldest keys make room for new ones, so that nobody who mints keys without end keeps others from it.

    Args:
        now: Gives Unix seconds.
        most: How many keys are kept.
        longest: How many characters their sessions may have in all.
    """

    def __init__(self, *, now: Callable[[], float] = time.time, most: int = 10_000, longest: int = 16_000_000) -> None:
        self._now = now
        self._most = most
        self._longest = longest
        self._keys: dict[str, Key] = {}  # the oldest first
        self._length = 0

    def mint(self, config: AnyConfig, *, seconds: int) -> Key:
        """Make a key for so many seconds."""
        for key in [key for key in self._keys.values() if key.expires_at <= self._now()]:
            self._forget(key)
        key = Key(new_id('ek'), int(self._now()) + seconds, to_text(config.wire()))
        self._keys[key.value] = key
        self._length += len(key.session)
        while len(self._keys) > self._most or (self._length > self._longest and len(self._keys) > 1):
            self._forget(next(iter(self._keys.values())))
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
        return read_config(parse_json(key.session))

    def _forget(self, key: Key) -> None:
        del self._keys[key.value]
        self._length -= len(key.session)
