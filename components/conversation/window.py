"""The part of a conversation that is rendered."""

SHOWN_AT_FIRST = 40
"""Turns at the end of a conversation that are rendered when it opens."""
SHOWN_MORE = 15
"""Turns that are added when the reader comes near an end of those that are shown. More of them make scrolling jerk."""
MOST_SHOWN = 80
"""Turns that are rendered at a time: a frame in which rows come costs as much as there are, above all on phones.

Those of one line each must reach 1,500 pixels (`SOON` of `chat/end_follower.js`) beyond both edges of a tall screen.
"""


class Window:
    """The part of a conversation that is rendered: its end, unless the reader has gone far back."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None  # None: the end, which grows

    def of(self, count: int) -> range:
        """Return the indices of the turns to render, of so many."""
        last = count if self._last is None else min(self._last, count)
        first = last - SHOWN_AT_FIRST if self._first is None else self._first
        self._first = max(0, first, last - MOST_SHOWN)
        return range(self._first, last)

    def earlier(self, count: int) -> None:
        """Go back."""
        shown = self.of(count)
        self._first = max(0, shown.start - SHOWN_MORE)
        if shown.stop - self._first > MOST_SHOWN:
            self._last = self._first + MOST_SHOWN

    def later(self, count: int) -> None:
        """Go forward."""
        if self._last is not None:
            self._last += SHOWN_MORE
            self._last = None if self._last >= count else self._last

    def around(self, index: int, count: int) -> None:
        """Go to one turn."""
        self._first = max(0, min(index - SHOWN_AT_FIRST // 2, count - SHOWN_AT_FIRST))
        last = self._first + SHOWN_AT_FIRST
        self._last = None if last >= count else last

    def end(self, count: int) -> None:
        """Go to the end."""
        if self._last is not None:
            self._first = self._last = None
