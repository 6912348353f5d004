"""Server-sent events, as servers stream their answers: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

import codecs


class SentEvents:
    """Takes the bytes of a stream in pieces of any size and gives the `data` of the events that are complete.

    Raises ValueError when an event is longer than any that makes sense.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder('utf-8')(errors='replace')
        self._line = ''
        self._data: list[str] = []

    def feed(self, piece: bytes) -> list[str]:
        self._line += self._decoder.decode(piece)
        *lines, self._line = self._line.split('\n')
        if len(self._line) + sum(map(len, self._data)) > _LONGEST:
            raise ValueError(f'An event is longer than {_LONGEST} characters.')
        return [event for line in lines for event in self._take(line.removesuffix('\r'))]

    def _take(self, line: str) -> list[str]:
        """The event that this line ends, if it does."""
        if line.startswith('data:'):
            self._data.append(line.removeprefix('data:').removeprefix(' '))
        if line or not self._data:
            return []
        event, self._data = '\n'.join(self._data), []
        return [event]


_LONGEST = 1_048_576
