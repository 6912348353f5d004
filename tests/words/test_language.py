"""The page speaks the language that the browser asks for, and no language lacks a word."""

import re
from datetime import date
from string import Formatter

import pytest

from components.words.language import ENGLISH, LANGUAGES, Language, one_or_many, preferred, sentences

from .keys import flat


@pytest.mark.parametrize(
    ('accept_language', 'code'),
    [
        ('', 'en-US'),
        ('de-DE,de;q=0.9', 'en-US'),
        ('en-GB,en;q=0.9', 'en-US'),
        ('de;q=0.9,en;q=nonsense,*;q=0.1', 'en-US'),
        ('zh', 'zh-CN'),
        ('zh-SG,zh;q=0.9', 'zh-CN'),
        ('zh-Hans', 'zh-CN'),
        ('zh-TW,zh;q=0.9,en;q=0.8', 'zh-CN'),
        ('ja', 'ja'),
        ('JA-jp', 'ja'),
        ('en;q=0.5, ja;q=0.9, zh;q=0.7', 'ja'),
        ('fr, ja;q=0.4, en;q=0.3', 'ja'),
        ('ja;q=0, zh;q=0.1', 'zh-CN'),
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


def test_a_language_writes_a_date_in_its_own_order() -> None:
    shutdown = date(2027, 1, 2)
    written = [LANGUAGES[code].text('catalogue.until', date=shutdown) for code in ('en-US', 'zh-CN', 'ja')]
    assert written == ['until 2 Jan 2027', '2027年1月2日停用', '2027年1月2日まで']


def test_full_width_sentences_need_no_space_between_them() -> None:
    assert sentences('One.', '', 'Two.') == 'One. Two.'
    assert sentences('一。', '二。') == '一。二。'
    assert sentences('One.', '二。') == 'One. 二。'


NAMES_OF_KEYS = re.compile(
    r'\b(space bar|Space|[Pp]ress [A-Z])\b|空格|(?<![A-Z])[A-Z] ?键|スペースキー|(?<![A-Z])[A-Z]キー'
)

ALIKE_EVERYWHERE = {
    *('AI', 'OK', 'Esc', 'WebRTC', 'Markdown'),
    *('Android', 'Chromebook', 'iPad', 'iPhone', 'Linux', 'Mac', 'macOS', 'Windows'),
}

each_language = pytest.mark.parametrize('code', LANGUAGES)


def test_there_are_three_languages() -> None:
    assert {code: language.name for code, language in LANGUAGES.items()} == {
        'en-US': 'English',
        'ja': '日本語',
        'zh-CN': '中文',
    }


@each_language
def test_every_language_says_all_that_english_says_with_the_same_values(code: str) -> None:
    values = {key: _values(words) for key, words in flat(LANGUAGES[code].words)}
    assert values == {key: _values(words) for key, words in flat(ENGLISH.words)}


@each_language
def test_no_words_are_empty_or_padded(code: str) -> None:
    assert [key for key, words in flat(LANGUAGES[code].words) if not words or words != words.strip()] == []


@pytest.mark.parametrize('code', sorted(LANGUAGES.keys() - {'en-US'}))
def test_every_text_is_translated(code: str) -> None:
    english = dict(flat(ENGLISH.words))
    same = {words for key, words in flat(LANGUAGES[code].words) if words == english[key]}
    assert same <= ALIKE_EVERYWHERE


@each_language
def test_only_keyboard_texts_name_keys(code: str) -> None:
    named = {key for key, words in flat(LANGUAGES[code].words) if NAMES_OF_KEYS.search(words)}
    assert {key for key in named if not key.startswith('call.help.')} == {
        'call.muted_speech.keys',
        'call.talking.off.keys',
    }


def _values(words: str) -> set[str]:
    """The names in braces, without what is done with them: `{date:%b}` and `{date.day}` are both `date`."""
    return {name.partition('.')[0] for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_a_text_that_counts_has_two_forms() -> None:
    assert ENGLISH.text(f'conversations.turns.{one_or_many(1)}', count=1) == '1 turn'
    assert ENGLISH.text(f'conversations.turns.{one_or_many(0)}', count=0) == '0 turns'
    assert ENGLISH.text(f'guests.seconds.{one_or_many(1)}', count=1) == 'Your talking time ends in 1 second.'
    assert '1 second.' in ENGLISH.section('call')['idle_warning']['one']
