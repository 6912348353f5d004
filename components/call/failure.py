"""What went wrong, in one plain sentence, and what the user can do about it."""

import re
from dataclasses import dataclass

from components.words.language import ENGLISH, Text


@dataclass(frozen=True)
class Failure:
    """Why a call ended or could not begin.

    `code` names the cause for programs; `sentence` says what happened and `next_step` what to do, ready to be shown.
    `detail` is the raw message of whoever failed, for the curious; it may be empty and comes from outside.
    """

    code: str
    sentence: str
    next_step: str
    detail: str = ''


CODES = frozenset(ENGLISH.section('failures'))
"""The codes that have words of their own; these are also the browser's table of failures."""


def failure(code: str, detail: str, text: Text) -> Failure:
    """Look up the words for a code, in the language of `text`.

    An HTTP status without words of its own (`http_418`) gets those of its class (`http_4xx`, `http_5xx`); any other
    code without words gets those of `unknown`. The failure keeps the code that was asked for.
    """
    known = next((name for name in (code, _status_class(code)) if name in CODES), 'unknown')
    return Failure(code, text(f'failures.{known}.sentence'), text(f'failures.{known}.next_step'), detail)


def _status_class(code: str) -> str:
    return re.sub(r'^(http_\d)\d\d$', r'\1xx', code)
