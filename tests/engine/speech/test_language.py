"""Telling the language of a text."""

import pytest

from components.engine.speech.language import is_english, language_of


@pytest.mark.parametrize(
    ('language', 'text'),
    [
        ('en', 'Hello.'),
        ('en', '42'),
        ('en', 'A, E, I, O, U, W, Y and Z.'),
        ('sv', 'Jag vet inte.'),
        ('pl', 'Nie wiem, czy to jest prawda.'),
        ('en', 'Nice to meet you, Søren!'),
        ('ja', '今日は3月です。'),
        ('zh', '今天星期五。'),
        ('ko', '안녕하세요'),
        ('ru', 'Добрый день, Anna.'),
        ('el', 'Καλημέρα'),
        ('ar', 'صباح الخير'),
        ('hi', 'नमस्ते'),
        ('de', 'Das ist nicht der Hund.'),
        ('fr', 'Je suis dans la maison avec vous.'),
        ('es', '¿Cómo está usted? Muy bien.'),
        ('it', 'Questo è il cane della mamma.'),
        ('pt', 'Você não está com uma das meninas.'),
        ('nl', 'Ik heb het niet gezien.'),
        ('en', 'The word “Привет” means hello in Russian.'),
    ],
)
def test_the_text_tells(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ('expected', 'language', 'text'),
    [
        ('de-DE', 'de', 'Guten Tag!'),
        ('uk', 'uk', 'Добрий день'),
        ('ja', 'ja', '東京'),
        ('sw', 'sw', 'Habari za asubuhi'),
        ('', 'en', 'Hello.'),
    ],
)
def test_the_expected_language_decides_if_the_text_allows_it(expected: str, language: str, text: str) -> None:
    assert language_of(text, expected) == language


@pytest.mark.parametrize('expected', ['de', 'ja', 'ru', 'en'])
def test_an_answer_in_english_is_english_whatever_was_expected(expected: str) -> None:
    assert language_of('I have no language model, so I can only answer simple questions.', expected) == 'en'


@pytest.mark.parametrize(
    ('text', 'verdict'),
    [
        ('Yes, please.', True),
        ("It's 5 AU away.", True),
        ('Das kostet 5 Euro.', False),
        ('Comment allez-vous ?', False),
        ('今日は3月です。', False),
        ('42', None),
        ('Anna Miller.', None),
    ],
)
def test_one_word_tells_whether_a_short_sentence_is_english(text: str, verdict: bool | None) -> None:
    assert is_english(text) is verdict
