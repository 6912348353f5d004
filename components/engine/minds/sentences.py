"""Cuts a stream of text into sentences, so that the first is spoken while the next ones are still being made."""

import re


class SentenceCutter:
    """Takes text in pieces of any size and returns sentences as soon as they are complete; joined, they are the text.

    White space between two sentences belongs to the second.
    """

    def __init__(self) -> None:
        self._text = ''

    def feed(self, piece: str) -> list[str]:
        """Take more text. Return the sentences that are complete now."""
        self._text += piece
        sentences = []
        while end := _end(self._text):
            sentences.append(self._text[:end])
            self._text = self._text[end:]
        return sentences

    def flush(self) -> str:
        """Return the unfinished sentence at the end of the text."""
        rest, self._text = self._text, ''
        return rest


def _end(text: str) -> int:
    """The end of the first sentence, 0 if that is not known yet."""
    for end in _END.finditer(text):
        if not _NO_END.search(text, 0, end.end()):
            return end.end()
    if len(text) <= _LONGEST:
        return 0
    return max(text.rfind(mark, 1, _LONGEST) for mark in ' ,;:，、；：') + 1 or _LONGEST


_CLOSING = r'"\'”’»)\]」』）】'
_END = re.compile(
    rf'[.!?…]+[{_CLOSING}]*(?=\s)'  # the space distinguishes a full stop from a decimal point
    rf'|[。！？…]+[{_CLOSING}]*(?=[^{_CLOSING}。！？…])'  # Chinese and Japanese put no space
    r'|(?<=\S)(?=\n)'
)
# A full stop that ends no sentence: of an abbreviation, an initial, or a number in front of a line.
_NO_END = re.compile(
    r'(?:\b(?i:mr|mrs|ms|dr|prof|st|vs|approx|fig|e\.g|i\.e|cf|z\.b|d\.h|bzw|ca|nr|sra?)|\b(?!I\b)[A-Z]|^\s*\d+)\.\Z'
)
_LONGEST = 300  # characters; some 20 seconds of speech
