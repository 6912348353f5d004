"""Turns the text of an answer into sentences to be shown and spoken."""

from dataclasses import dataclass

from components.engine.speech.language import is_english

from .english import in_english
from .markdown import plain_text
from .sentences import Cut, SentenceCutter


@dataclass(frozen=True)
class Sentence:
    """A sentence as it was written, and the words to speak for it: none where there is nothing to pronounce."""

    shown: str
    spoken: str


class SpokenText:
    """Takes an answer in pieces of any size and returns its sentences as soon as they are complete.

    Markdown, emoji, links and formulas become plain words in every language. Numbers, dates, prices, units and
    abbreviations are spelled out in English sentences; in other languages they are left to the voice. Code blocks are
    not read out. `language` (such as 'en' or 'pt-BR') decides about sentences that may be in any language.
    """

    def __init__(self, *, language: str | None = None) -> None:
        self._english = language is None or language.lower().startswith('en')
        self._cutter = SentenceCutter()
        self._mentioned_code = False

    def feed(self, piece: str) -> list[Sentence]:
        """Take more text. Return the sentences that are complete now."""
        return [self._sentence(cut) for cut in self._cutter.feed(piece)]

    def flush(self) -> list[Sentence]:
        """Return the unfinished sentence at the end of the text, if any."""
        return [self._sentence(cut) for cut in self._cutter.flush()]

    def _sentence(self, cut: Cut) -> Sentence:
        return Sentence(cut.text, self._of_code() if cut.kind == 'code' else self._of_prose(cut.text))

    def _of_prose(self, text: str) -> str:
        verdict = is_english(text)
        if verdict is not None:
            self._english = verdict
        spoken = plain_text(text, english=self._english)
        if self._english:
            spoken = in_english(spoken)
        return spoken if any(map(str.isalnum, spoken)) else ''

    def _of_code(self) -> str:
        if self._mentioned_code or not self._english:
            return ''
        self._mentioned_code = True
        return 'The code is in the transcript.'
