"""Puts the packets of one stream in order."""


class PacketOrder:
    """Gives packets in the order of their numbers, which count to 65,535 and then start anew.

    A packet in its place comes back at once. After a gap, packets wait for the missing one until three are there; then
    it is given up, and not taken any more if it comes yet.
    """

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, bytes] = {}  # by number

    def add(self, number: int, packet: bytes) -> list[bytes]:
        """Take a packet, and give those whose turn it is."""
        if self._next is None or self._distance(number) < -_MOST_LATE:
            self._next = number  # a stream begins, or begins anew
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
        """How far a number is ahead of the next one; negative when it has passed."""
        assert self._next is not None
        ahead = (number - self._next) % _NUMBERS
        return ahead if ahead < _NUMBERS // 2 else ahead - _NUMBERS


_NUMBERS = 1 << 16
_MOST_WAITING = 3  # packets: 60 ms of sound
_MOST_LATE = 100  # packets; nothing is that late, so the sender has started to count anew
