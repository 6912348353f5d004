"""Takes out what a model only thinks: local reasoning models put it into the answer, between tags."""

_BEGIN, _END = '<think>', '</think>'


class ReasoningFilter:
    """Lets text through in pieces of any size, but for `<think>…</think>` and white space before the first word."""

    def __init__(self) -> None:
        self._thinking = False
        self._waiting = ''  # may be the begin of a tag
        self._begun = False

    def feed(self, piece: str) -> str:
        """The part of the text so far that is known to be said, and was not given before."""
        text, said = self._waiting + piece, ''
        while True:
            tag = _END if self._thinking else _BEGIN
            before, found, after = text.partition(tag)
            if not found:
                break
            said += '' if self._thinking else before
            text, self._thinking = after, not self._thinking
        kept = next((size for size in range(len(tag) - 1, 0, -1) if text.endswith(tag[:size])), 0)
        self._waiting = text[len(text) - kept :]
        return self._trimmed(said + ('' if self._thinking else text[: len(text) - kept]))

    def flush(self) -> str:
        """What waited for the rest of a tag that did not come."""
        rest, self._waiting = self._waiting, ''
        return '' if self._thinking else self._trimmed(rest)

    def _trimmed(self, text: str) -> str:
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text
