"""Notices: sentences of the engine about itself for the program around it."""

from __future__ import annotations


class Notice(str):
    """A sentence in English, with a `code` and `values` for programs that translate it.

    Sentences that come from the engine's worker processes have no code and are shown as they are.
    """

    __slots__ = ('code', 'values')

    code: str
    values: dict[str, str]

    def __new__(cls, sentence: str, code: str = '', **values: str) -> Notice:
        """Return the sentence with its code and values."""
        notice = super().__new__(cls, sentence)
        notice.code = code
        notice.values = values
        return notice
