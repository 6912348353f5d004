"""The page speaks the language that the browser asks for, and no language lacks a word."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from components.words.language import ENGLISH, LANGUAGES, Language, preferred

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ('accept_language', 'code'),
    [
        ('', 'en-US'),
        ('de-DE,de;q=0.9', 'en-US'),
        ('en-GB,en;q=0.9', 'en-US'),
        ('de;q=0.9,en;q=nonsense,*;q=0.1', 'en-US'),
    ],
)
def test_the_browser_is_asked_for_its_language(accept_language: str, code: str) -> None:
    assert preferred(accept_language).code == code


def test_words_are_found_by_their_key_and_filled_with_values() -> None:
    language = Language('xx', {'name': 'Test', 'a': {'b': '{count} words {literally}'}})
    assert language.text('a.b', count=3, literally='here') == '3 words here'
    assert language.section('a') == {'b': '{count} words {literally}'}


@pytest.mark.parametrize('key', ['a.c', 'a', 'a.b.c', 'd'])
def test_missing_words_are_an_error(key: str) -> None:
    with pytest.raises(KeyError):
        Language('xx', {'name': 'Test', 'a': {'b': 'words'}}).text(key)


@pytest.mark.parametrize('code', LANGUAGES)
def test_every_language_says_all_that_english_says_with_the_same_values(code: str) -> None:
    assert _values(LANGUAGES[code]) == _values(ENGLISH)


def test_every_word_that_the_program_asks_for_is_there() -> None:
    asked = {key for source in _sources() for key in re.findall(r"words\('([\w.]+)'", source)}
    assert asked
    for key in asked:
        ENGLISH.text(key)


def _values(language: Language) -> dict[str, set[str]]:
    return {key: set(re.findall(r'\{(\w+)\}', words)) for key, words in _flat(language.words, '')}


def _flat(section: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for name, value in section.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f'{path}{name}.')
        else:
            assert isinstance(value, str), f'{path}{name} is no text'
            yield f'{path}{name}', value


def _sources() -> list[str]:
    return [file.read_text(encoding='utf-8') for file in (ROOT / 'main.py', *(ROOT / 'components').rglob('*.py'))]
