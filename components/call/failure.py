"""Failures of a call, in one plain sentence each, with a next step."""

import re
from dataclasses import dataclass

from components.words.language import ENGLISH, Text


@dataclass(frozen=True)
class Failure:
    """Why a call ended or could not begin.

    `code` names the cause for programs. `sentence` says what happened and `next_step` what to do, both for the user.
    `detail` is the original message, or empty. It comes from outside, so show it as text only.
    """

    code: str
    sentence: str
    next_step: str
    detail: str = ''


CODES = frozenset(ENGLISH.section('failures'))
"""The codes that have texts of their own. The browser half has the same table."""


def failure(code: str, detail: str, text: Text) -> Failure:
    """Return the failure with this code, in the language of `text`.

    An HTTP status without a text of its own (`http_418`) gets that of its class (`http_4xx`, `http_5xx`), and any other
    code gets that of `unknown`. The failure keeps the code as given.
    """
    known = next((name for name in (code, _status_class(code)) if name in CODES), 'unknown')
    return Failure(code, text(f'failures.{known}.sentence'), text(f'failures.{known}.next_step'), detail)


def _status_class(code: str) -> str:
    return re.sub(r'^(http_\d)\d\d$', r'\1xx', code)
