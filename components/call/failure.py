"""What went wrong, in one plain sentence, and what the user can do about it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

_FILE = Path(__file__).parents[2] / 'assets' / 'failures.json'


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


class Words(TypedDict):
    """An entry of `assets/failures.json`, which is also the browser's table of failures."""

    sentence: str
    next_step: str


FAILURES: dict[str, Words] = json.loads(_FILE.read_text(encoding='utf-8'))


def failure(code: str, detail: str = '') -> Failure:
    """Look up the words for a code.

    An HTTP status without words of its own (`http_418`) gets those of its class (`http_4xx`, `http_5xx`); any other
    code without words gets those of `unknown`. The failure keeps the code that was asked for.
    """
    words = FAILURES.get(code) or FAILURES.get(_status_class(code)) or FAILURES['unknown']
    return Failure(code, words['sentence'], words['next_step'], detail)


def _status_class(code: str) -> str:
    return re.sub(r'^(http_\d)\d\d$', r'\1xx', code)
