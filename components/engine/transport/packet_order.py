"""Puts the packets of one stream in order."""


class PacketOrder:
    """Returns packets in the order of their sequence numbers, which wrap around after 65,535 (RFC 3550).

    A packet that is next in order is returned at once. After a gap, packets wait until three have arrived; then the
    missing one is given up, and dropped if it arrives later.
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, bytes] = {}  # by number

    def add(self, number: int, packet: bytes) -> list[bytes]:
        """Add a packet, and return those that are next in order."""
        if self._next is None or self._distance(number) < -_MOST_LATE:
            self._next = number  # a stream starts, or restarts
            self._waiting.clear()
        if self._distance(number) < 0:
            return []
        self._waiting[number] = packet
        if len(self._waiting) >= _MOST_WAITING:
            self._next = min(self._waiting, key=self._distance)
        ready = []
        while self._next in self._waiting:
            ready.append(self._waiting.pop(self._next))
            self._next = (self._next + 1) % _NUMBERS
        return ready

    def _distance(self, number: int) -> int:
        """Return how far a number is ahead of the next one; negative if it is behind."""
        assert self._next is not None
        ahead = (number - self._next) % _NUMBERS
        return ahead if ahead < _NUMBERS // 2 else ahead - _NUMBERS


_NUMBERS = 1 << 16
_MOST_WAITING = 3  # packets: 60 ms of sound
_MOST_LATE = 100  # packets; no packet is that late, so the sender has restarted its count
