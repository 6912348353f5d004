"""The order of a conversation, which arrives piece by piece and in any order."""

ROOT = 'root'  # the protocol's name for the place before the first item
_START = ''  # no item has an empty id


class Ordering:
    """The items of a conversation, each of which names its predecessor.

    That makes a tree: each item hangs under its predecessor, and reading it depth first gives the order. Nothing
    depends on which item arrives first: a predecessor that is still unknown gets a place, with all its followers.
    """

    def __init__(self) -> None:
        self._followers: dict[str, list[str]] = {_START: []}  # in the order of their events
        self._predecessor: dict[str, str] = {}
        self._told: set[str] = set()  # items placed themselves, not only named by a follower
        self._fixed: set[str] = set()  # items with a named predecessor
        self._ids: list[str] | None = None
        self.version = 0
        """Grows with every change."""

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._told

    def ids(self) -> list[str]:
        """All placed items in order."""
        if self._ids is None:
            self._ids = []
            ahead = self._followers[_START][::-1]
            while ahead:
                item_id = ahead.pop()
                if item_id in self._told:
                    self._ids.append(item_id)
                ahead += self._stacked(item_id)
        return self._ids

    def place(self, item_id: str, previous: str | None = None) -> None:
        """Put an item behind another one, at the very start (`ROOT`), or at the end, if nothing is known of its place.

        The first named predecessor counts. One that would make the item follow itself does not.

        `None` is the end and not the start, because xAI's service sends null for items in the middle of a conversation;
        for a first item there is no difference.
        """
        version = self.version
        if item_id not in self._told:
            self._told.add(item_id)
            self.version += 1
        if previous and item_id not in self._fixed and not self._is_before(item_id, previous):
            self._detach(item_id)
            if previous != ROOT and previous not in self._predecessor:
                self._attach(previous, _START)
            self._attach(item_id, previous)
            self._fixed.add(item_id)
            self.version += 1
        elif item_id not in self._predecessor:
            self._attach(item_id, _START)
        if self.version != version:
            self._ids = None

    def _stacked(self, item_id: str) -> list[str]:
        """Followers, the next one last. An item inserted later stands nearer to its predecessor."""
        followers = self._followers.get(item_id, [])
        return followers if item_id in self._told else followers[::-1]

    def _is_before(self, item_id: str, other: str) -> bool:
        while other != item_id and other in self._predecessor:
            other = self._predecessor[other]
        return other == item_id

    def _attach(self, item_id: str, previous: str) -> None:
        if previous == ROOT:
            self._followers[_START].insert(0, item_id)
            previous = _START
        else:
            self._followers.setdefault(previous, []).append(item_id)
        self._predecessor[item_id] = previous

    def _detach(self, item_id: str) -> None:
        if item_id in self._predecessor:
            self._followers[self._predecessor.pop(item_id)].remove(item_id)
