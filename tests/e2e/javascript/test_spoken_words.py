"""How far a text is spoken, and how long it takes: the browser and Python count alike."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Page

from components.conversation.transcript.pace import DEFAULT_MS, Pace
from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.parley import Parley


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'spoken_words') as page:
        yield page


SPOKEN_ENDS: list[tuple[str, float, int]] = [
    ('', 5, 0),
    ('Hello there', 0, 0),
    ('Hello there', 1, 6),  # the word that is being spoken, to its end
    ('Hello there', 6.5, 11),
    ('Hello there', 99, 11),
    ('你好吗', 1, 1),
    ('你好吗', 4, 2),
    ('OK 你好', 4, 4),
    ('\U0001f600 yes', 1, 3),
]


async def test_how_far_a_text_is_spoken(modules: Page) -> None:
    told = await modules.evaluate(
        '(texts) => texts.map(([text, letters]) => [text, letters, spokenEnd(text, letters)])', SPOKEN_ENDS
    )
    assert [tuple(each) for each in told] == SPOKEN_ENDS


async def test_browser_and_python_count_letters_alike(modules: Page) -> None:
    for text in ('Hello there, you!', '你好吗？ OK.', 'はい、ＡＢＣ', '안녕 하세요', 'Ünïcode – «ja»'):
        letters = await modules.evaluate('lettersOf', text)
        assert Pace().measured(text + 'x' * 40, 1000 * DEFAULT_MS / 10).letters in {letters + 40, 0}, text


async def test_browser_and_python_know_alike_what_is_not_spoken(modules: Page) -> None:
    text = f'**{"x" * 40}** is $42 😀:\n\n```py\nx = 1 # `a`\n```\n\n> ~~~~\n> y\n> ~~~~\nDone.\n```\nopen'
    letters = await modules.evaluate('lettersOf', text)
    assert Pace().measured(text, letters * DEFAULT_MS).letters == letters < 90
