"""Removes reasoning from answers: local reasoning models write it into them, between tags."""

_BEGIN, _END = '<think>', '</think>'


class ReasoningFilter:
    """Passes text on in pieces of any size, without `<think>…</think>` and white space before the first word."""

    def __init__(self) -> None:
        self._thinking = False
        self._waiting = ''  # may be the beginning of a tag
        self._begun = False

    def feed(self, piece: str) -> str:
        """Take the next piece of text. Return what is known to be no reasoning and was not returned before."""
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
        """Return the text that was held back as the possible beginning of a tag."""
        rest, self._waiting = self._waiting, ''
        return '' if self._thinking else self._trimmed(rest)

    def _trimmed(self, text: str) -> str:
        text = text if self._begun else text.lstrip()
        self._begun = self._begun or bool(text)
        return text
