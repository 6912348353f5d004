"""The words that a voice is given to speak for the text of a mind."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.engine.spoken_text.english import in_english
from components.engine.spoken_text.markdown import plain_text
from components.engine.spoken_text.spoken_text import Sentence, SpokenText


def sentences(*pieces: str, language: str | None = None) -> list[Sentence]:
    text = SpokenText(language=language)
    return [*(sentence for piece in pieces for sentence in text.feed(piece)), *text.flush()]


def spoken(*pieces: str, language: str | None = None) -> str:
    """All that is spoken, as one text."""
    return ' '.join(filter(None, (sentence.spoken for sentence in sentences(*pieces, language=language))))


@pytest.mark.parametrize(
    ('written', 'words'),
    [
        ('## How to bake\n\nTake **two** *big* eggs.', 'How to bake. Take two big eggs.'),
        ('**Take two. Beat them.** Good.', 'Take two. Beat them. Good.'),
        ('- Eggs\n- __Milk__\n  * Salt', 'Eggs. Milk. Salt.'),
        ('1. Bake.\n2) Eat', 'one. Bake. two. Eat.'),
        ('- [ ] Buy milk\n- [x] Eat', 'Buy milk. x Eat.'),
        ('| Name | Age |\n|:-----|----:|\n| Anna | 30 |', 'Name, Age. Anna, thirty.'),
        ('> Be quick\n> or be dead.\n\n---\n***\nSo what?', 'Be quick or be dead. So what?'),
        ('See [the docs](https://example.com/a_b?c=d "Docs").', 'See the docs.'),
        ('See https://www.example.com/a/b?c=1 or <https://x.org>.', 'See example dot com or x dot org.'),
        ('Write to jo.doe@example.com.', 'Write to jo dot doe at example dot com.'),
        ('[1]: https://example.com', ''),
        ('![A cat](cat.png) is here.', 'A cat is here.'),
        ('Run `get_weather` and `getTime()` in main.py.', 'Run get weather and get Time in main dot py.'),
        ('Use snake_case, camelCase, __init__ and iPhone.', 'Use snake case, camel Case, init and iPhone.'),
        ('Yes 😀👍🏽! ❤️ It is 🇩🇪.', 'Yes! It is.'),
        ('A \\*star\\* &amp; <b>bold</b><br>line.', 'A star and bold line.'),
        ('It is true.[^1] So it is [2, 3].', 'It is true. So it is.'),
        ('𝐁𝐨𝐥𝐝 is bold. :-)', 'Bold is bold.'),
        ('Stop\x07 it\u200b now\ud800.', 'Stop it now.'),
    ],
)
def test_markdown_becomes_plain_words(written: str, words: str) -> None:
    assert spoken(written) == words


@pytest.mark.parametrize(
    ('written', 'words'),
    [
        ('So $x^2 + y^2 = z^2$.', 'So x squared plus y squared equals z squared.'),
        ('$$\n\\frac{a}{b} \\leq \\sqrt{2}\n$$', 'a over b is at most the square root of two'),
        (
            '$$x = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}$$',
            'x equals minus b plus or minus the square root of b squared minus four ac over two a',
        ),
        ('\\(\\alpha \\times \\beta_1\\)', 'alpha times beta one'),
        ('\\[ \\sum_{i=1}^{n} i \\]', 'the sum from i equals one to n of i'),
        ('\\[ \\unknown{x} \\]', ''),
        ('I paid $5 and $10 for `$x$`.', 'I paid five dollars and ten dollars for x.'),
    ],
)
def test_formulas_become_words(written: str, words: str) -> None:
    assert spoken(written) == words


@pytest.mark.parametrize(
    ('written', 'words'),
    [
        ('3 + 4 = 7.', 'three plus four equals seven.'),
        ('12 × 3, 12*3*2 and 10 / 4', 'twelve times three, twelve times three times two and ten divided by four'),
        ('5 - 2 = 3, -5 < 2', 'five minus two equals three, minus five is less than two'),
        ('2^10 and 5² and √9', 'two to the power of ten and five squared and the square root of nine'),
        ('It is $23.50.', 'It is twenty-three dollars and fifty cents.'),
        ('$1, $0.99, €20, 20 €', 'one dollar, ninety-nine cents, twenty euros, twenty euros'),
        ('$1.5 million, $3M, 5 USD', 'one point five million dollars, three million dollars, five dollars'),
        ('$5-$10, £5/month', 'five to ten dollars, five pounds per month'),
        ('At 14:05, 9:00 or 14:00.', "At fourteen oh five, nine o'clock or fourteen hundred."),
        ('It is 3 pm, 3:30 p.m. or 10:30 AM.', 'It is three PM, three thirty PM or ten thirty AM.'),
        ('9:00–17:00', "nine o'clock to seventeen hundred"),
        ('On 2026-11-28.', 'On November twenty-eighth, twenty twenty-six.'),
        ('28/11/2026 and 11/28/2026', ' and '.join(['November twenty-eighth, twenty twenty-six'] * 2)),
        ('5/6/2026', 'five slash six slash twenty twenty-six'),
        ('2026-13-45', 'two thousand twenty-six-thirteen-forty-five'),
        ('Monday, 23 November 2026', 'Monday, the twenty-third of November, twenty twenty-six'),
        ('November 5th, 2024', 'November fifth, twenty twenty-four'),
        (
            'In 1999, the 1990s, 2019-2023',
            'In nineteen ninety-nine, the nineteen nineties, twenty nineteen to twenty twenty-three',
        ),
        (
            '5 km, 1 kg, 20 °C, 3GB, 100 km/h',
            'five kilometers, one kilogram, twenty degrees Celsius, three gigabytes, one hundred kilometers per hour',
        ),
        ('a 5 km run at -5 °C', 'a five kilometer run at minus five degrees Celsius'),
        (
            '1/4 tsp, 1 1/2 cm, 3½ km, 2–3 min',
            'one quarter teaspoon, one and one half centimeters, three and one half kilometers, two to three minutes',
        ),
        (
            '<5%, >10 items, 10x faster, 1,000+',
            'less than five percent, more than ten items, ten times faster, one thousand plus',
        ),
        ('On Feb. 18 by flight BA2490, C++', 'On February eighteenth by flight BA two four nine zero, C plus plus'),
        ('a 5G phone', 'a five G phone'),
        ('1,234,567', 'one million two hundred thirty-four thousand five hundred sixty-seven'),
        ('3.14, 0.5, 007', 'three point one four, zero point five, zero zero seven'),
        ('The 1st, 22nd and 103rd.', 'The first, twenty-second and one hundred third.'),
        ('15%, 10-20 %', 'fifteen percent, ten to twenty percent'),
        ('pages 3-5', 'pages three to five'),
        ('1/2, 3/4, 1 1/2, ½', 'one half, three quarters, one and one half, one half'),
        ('Call +1 (555) 123-4567.', 'Call plus one, five five five, one two three, four five six seven.'),
        (
            'v1.2 and 192.168.0.1',
            'version one point two and one hundred ninety-two dot one hundred sixty-eight dot zero dot one',
        ),
        ('Fruit, e.g. pears, i.e. food.', 'Fruit, for example pears, that is food.'),
        (
            'Dr. Smith lives on High St. with approx. 5 cats etc.',
            'Doctor Smith lives on High Street with approximately five cats et cetera.',
        ),
        (
            'a 27" screen, 5\'11", 8.5" × 11"',
            'a twenty-seven inch screen, five foot eleven, eight point five inches by eleven inches',
        ),
        ('He is 6\' tall and said "I am 27" here.', 'He is six feet tall and said "I am twenty-seven" here.'),
        (
            'Henry VIII, Elizabeth I and Pope John XXIII',
            'Henry the eighth, Elizabeth the first and Pope John the twenty-third',
        ),
        ("Louis XIV's wife in Act I, Chapter IV", "Louis the fourteenth's wife in Act one, Chapter four"),
        ('World War II, Rocky III, Saturn V', 'World War two, Rocky three, Saturn five'),
        ('Henry I like, the IV drip, Malcolm X', 'Henry I like, the IV drip, Malcolm X'),
        ('My No. 5, #6 & ~7', 'My number five, number six and about seven'),
        ('COVID-19, mp3, H2O', 'COVID-nineteen, mp three, H two O'),
        ('12345678901234567', 'one two three four five six seven eight nine zero one two three four five six seven'),
    ],
)
def test_numbers_are_spelled_out_as_people_say_them(written: str, words: str) -> None:
    assert spoken(written) == words


@pytest.mark.parametrize(
    ('written', 'words'),
    [
        ('Das kostet **5 km** und 23,50 €. 14:05 🎉', 'Das kostet 5 km und 23,50 €. 14:05'),
        ('Il est [14:05](https://x.org). `snake_case`', 'Il est 14:05. snake case'),
        ('这是 **粗体** 的 3.14 😀。', '这是 粗体 的 3.14。'),
        ('今日は3月5日です。$x^2$ だ。', '今日は3月5日です。 だ。'),
        ('Это стоит $5.', 'Это стоит $5.'),
    ],
)
def test_other_languages_keep_their_numbers(written: str, words: str) -> None:
    assert spoken(written) == words


def test_a_sentence_in_any_language_follows_the_one_before_or_the_language_of_the_session() -> None:
    assert spoken('Es ist spät. 14:05.') == 'Es ist spät. 14:05.'
    assert spoken('It is late. 14:05.') == 'It is late. fourteen oh five.'
    assert spoken('14:05', language='de') == '14:05'
    assert spoken('14:05', language='en-GB') == 'fourteen oh five'


def test_code_blocks_are_mentioned_once_and_not_read_out() -> None:
    text = 'Here you are:\n```python\nprint("1. Hello.")\n\nx = 2\n```\nAnd this:\n```\nmore code\n```\nDone.'
    words = 'Here you are: The code is in the transcript. And this: Done.'
    assert spoken(text) == spoken(*text) == words
    assert spoken(text[:40]) == 'Here you are: The code is in the transcript.', 'an unfinished block'
    assert spoken('Voilà une fonction :\n```\nx\n```') == 'Voilà une fonction:'


def test_the_shown_text_stays_as_it_was_written() -> None:
    assert sentences('**It** is $5. 😀') == [Sentence('**It** is $5.', 'It is five dollars.'), Sentence(' 😀', '')]


MARKDOWN = [*'aB1 .,!?\n*_`~#|>-+=$[]()<\\&/:%°^😀', '```', '**', '$$', '\n- ', '\n1. ', 'the ', '$5', '3.14', 'x_y']
MARKDOWN += [
    '14:05',
    'https://x.org/a_b',
    '](',
    '<b>',
    '\\frac{',
    '}',
    '2026-11-28',
    '5 km',
    '½',
    'e.g. ',
    '\u200b',
    'é',
]
markdown = st.lists(st.sampled_from(MARKDOWN), max_size=30)


@given(markdown)
def test_the_same_is_spoken_however_the_pieces_come(pieces: list[str]) -> None:
    text = ''.join(pieces)
    assert sentences(*pieces) == sentences(text)
    assert ''.join(sentence.shown for sentence in sentences(text)) == text


@given(markdown | st.text().map(list))
def test_no_marks_and_control_characters_are_spoken(pieces: list[str]) -> None:
    for sentence in sentences(''.join(pieces)):
        assert not re.search(r'[*_`|\[\]{}\\]|\$\$|~~', sentence.spoken)
        assert not any(unicodedata.category(char) in ('Cc', 'Cs', 'So') for char in sentence.spoken.replace('°', ''))
        assert sentence.spoken == '' or any(map(str.isalnum, sentence.spoken))
        assert sentence.spoken == ' '.join(sentence.spoken.split())


@given(markdown.map(''.join))
def test_spoken_words_are_spoken_as_they_are(text: str) -> None:
    once = in_english(plain_text(text, english=True))
    assert re.findall(r'\w+', in_english(plain_text(once, english=True))) == re.findall(r'\w+', once)
