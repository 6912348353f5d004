"""The languages of the page. Each is one file of `assets/languages`, and the browser says which one it wants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol


class Text(Protocol):
    """Gives the words under a key, as `Language.text` does: for those who need not know which language it is."""

    def __call__(self, key: str, **values: object) -> str: ...


class Language:
    """All words of the page in one language.

    Words have a key such as `ladder.rungs.key`: the sections of the file, and the name within. `code` is the BCP 47
    tag, which is the file's name too, `name` is what the language calls itself.
    """

    def __init__(self, code: str, words: Mapping[str, Any]) -> None:
        self.code = code
        self.name: str = words['name']
        self.words = words

    def text(self, key: str, **values: object) -> str:
        """The words under this key, with `{name}` replaced by values. Raises KeyError where there are none.

        Values are filled in as `str.format` does it, so a language may write a date in its own order.
        """
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(f'{key} is no text')
        return found.format(**values) if values else found

    def section(self, key: str) -> Mapping[str, Any]:
        """A whole section, for widgets that live in the browser. Raises KeyError where there is none."""
        found = self._find(key)
        if not isinstance(found, Mapping):
            raise KeyError(f'{key} is no section')
        return found

    def _find(self, key: str) -> object:
        found: object = self.words
        for name in key.split('.'):
            if not isinstance(found, Mapping) or name not in found:
                raise KeyError(f'{self.code} has no words for {key}')
            found = found[name]
        return found


def sentences(*parts: str) -> str:
    """Write sentences one after the other: with a space between them, except after a full-width full stop."""
    return ' '.join(filter(None, parts)).replace('。 ', '。')


def load(folder: Path) -> dict[str, Language]:
    """Read every language of a folder, by code."""
    files = sorted(folder.glob('*.json'))
    return {file.stem: Language(file.stem, json.loads(file.read_text(encoding='utf-8'))) for file in files}


LANGUAGES: Mapping[str, Language] = load(Path(__file__).parents[2] / 'assets' / 'languages')
ENGLISH = LANGUAGES['en-US']


@lru_cache(maxsize=100)
def preferred(accept_language: str) -> Language:
    """The language that fits a browser's `Accept-Language` (RFC 9110, 12.5.4) best; English where none does.

    What is written for one region serves the others: `zh-TW` gets `zh-CN` as long as it has no file of its own.
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
