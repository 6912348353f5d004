"""Notices that nobody has spoken for long after an answer: `idle_timeout_ms` of the Realtime API."""


class IdleTimer:
    """Rings once in each turn of the user. Time is that of the sound heard, in milliseconds."""

    def __init__(self) -> None:
        self._from_ms: int | None = None
        self._has_rung = False

    def feed(self, now_ms: int, *, limit_ms: int | None, unheard_ms: int | None) -> int | None:
        """When the silence began, if it has just lasted for `limit_ms`.

        `unheard_ms` tells how much of the last answer the user has yet to hear; None while it is not their turn.
        """
        if limit_ms is None or unheard_ms is None:
            self._from_ms, self._has_rung = None, False
            return None
        if self._from_ms is None:
            self._from_ms = now_ms + unheard_ms
        if self._has_rung or now_ms - self._from_ms < limit_ms:
            return None
        self._has_rung = True
        return self._from_ms
