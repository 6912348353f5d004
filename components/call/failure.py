"""Failures of a call, in one plain sentence each, with a next step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from components.words.endings import FOR_THE_HOST, cleaned
from components.words.language import ENGLISH, Language, Text


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


def failure(code: str, detail: str, text: Text, *, for_guest: bool = False) -> Failure:
    """Return the failure with this code, in the language of `text`.

    An HTTP status without a text of its own (`http_418`) gets that of its class (`http_4xx`, `http_5xx`), and any other
    code gets that of `unknown`. The failure keeps the code as given. A guest, who can mend nothing at the host's
    computer, is told to ask the host.
    """
    known = next((name for name in (code, _status_class(code)) if name in CODES), 'unknown')
    found = in_words(code, detail, 'failures', known, text)
    return replace(found, next_step=text('guests.ask_host')) if for_guest and known in FOR_THE_HOST else found


def failures_of_guests(language: Language) -> dict[str, Mapping[str, str]]:
    """Return the texts of all failures for the page of a guest, see `failure`."""
    ask = language.text('guests.ask_host')
    texts = language.section('failures')
    return {code: {**told, 'next_step': ask} if code in FOR_THE_HOST else told for code, told in texts.items()}


def in_words(code: str, detail: str, section: Literal['failures', 'notices'], known: str, text: Text) -> Failure:
    """Return a failure with the texts of a known code, which may quote the service's own words.

    The text of `unknown` quotes the words of a service with an unknown code, but not an error of Parley's own.
    """
    quoted = cleaned(detail)
    quotes = quoted and code != 'unknown' and 'said' in ENGLISH.words[section][known]
    sentence = text(f'{section}.{known}.said', detail=quoted) if quotes else text(f'{section}.{known}.sentence')
    return Failure(code, sentence, text(f'{section}.{known}.next_step'), detail)


def _status_class(code: str) -> str:
    return re.sub(r'^(http_\d)\d\d$', r'\1xx', code)
