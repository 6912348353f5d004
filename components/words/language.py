"""The languages of the page, one file of `assets/languages` each. The browser says which one it prefers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol


class Text(Protocol):
    """Returns the text of a key, as `Language.text` does, for code that needn't know the language."""

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key."""


class Language:
    """All texts of the page in one language.

    Texts have keys such as `ladder.rungs.key`: the sections of the file and the name within.

    Attributes:
        code: The BCP 47 tag, which is also the file's name.
        name: The language's own name.
        words: The content of the file.
    """

    def __init__(self, code: str, words: Mapping[str, Any]) -> None:
        self.code = code
        self.name: str = words['name']
        self.words = words

    def text(self, key: str, **values: object) -> str:
        """Return the text of a key, with `{name}` replaced by values.

        Values are filled in by `str.format`, so each language can format a date in its own way.

        Raises:
            KeyError: There is no such text.
        """
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(f'{key} is not a text')
        return found.format(**values) if values else found

    def section(self, key: str) -> Mapping[str, Any]:
        """Return a whole section, for widgets in the browser. Raises KeyError if there is none."""
        found = self._find(key)
        if not isinstance(found, Mapping):
            raise KeyError(f'{key} is not a section')
        return found

    def _find(self, key: str) -> object:
        found: object = self.words
        for name in key.split('.'):
            if not isinstance(found, Mapping) or name not in found:
                raise KeyError(f'{self.code} has no text for {key}')
            found = found[name]
        return found


def one_or_many(count: int) -> Literal['one', 'many']:
    """Return the last part of the key of a text that counts: each has two, such as `turns.one` and `turns.many`."""
    return 'one' if count == 1 else 'many'


def sentences(*parts: str) -> str:
    """Join sentences by spaces, except after a full-width full stop."""
    return ' '.join(filter(None, parts)).replace('。 ', '。')


def load(folder: Path) -> dict[str, Language]:
    """Read all languages of a folder, by code."""
    files = sorted(folder.glob('*.json'))
    return {file.stem: Language(file.stem, json.loads(file.read_text(encoding='utf-8'))) for file in files}


LANGUAGES: Mapping[str, Language] = load(Path(__file__).parents[2] / 'assets' / 'languages')
ENGLISH = LANGUAGES['en-US']


@lru_cache(maxsize=100)
def preferred(accept_language: str) -> Language:
    """Return the language that best matches a browser's `Accept-Language` (RFC 9110, 12.5.4), or English.

    A language of one region also serves the others: `zh-TW` gets `zh-CN` as long as it has no file of its own.
    """
    wanted = sorted(map(_weighed, accept_language.split(',')), key=lambda each: -each[0])
    fitting = (_fitting(tag) for weight, tag in wanted if weight > 0)
    return next(filter(None, fitting), ENGLISH)


def _fitting(tag: str) -> Language | None:
    same = {code.lower(): language for code, language in LANGUAGES.items() if _primary(code) == _primary(tag)}
    return same.get(tag) or next(iter(same.values()), None)


def _primary(tag: str) -> str:
    return tag.partition('-')[0].lower()


def _weighed(entry: str) -> tuple[float, str]:
    tag, _, parameter = entry.partition(';')
    try:
        weight = float(parameter.strip().removeprefix('q=') or 1)
    except ValueError:
        weight = 0.0
    return weight, tag.strip().lower()
