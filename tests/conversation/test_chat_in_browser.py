"""The chat in a real browser: it follows the newest words unless the reader scrolled up."""

import re

import pytest_asyncio
from playwright.async_api import Page, expect

from components.conversation.window import MOST_SHOWN

from .transcript import events as e
from .transcript.events import Event
from .transcript.transcripts import answer, answering

PROGRAM = 'tests/conversation/chat_page.py'

SENTENCE = 'What was said takes up a line or two of this small frame. ' * 2
TO_THE_END = 'Jump to latest'


@pytest_asyncio.fixture(loop_scope='session')
async def page(widget_page: Page) -> Page:
    await widget_page.emulate_media(reduced_motion='no-preference')
    return widget_page


async def test_the_chat_follows_new_words(page: Page) -> None:
    await _say(page, 10)
    await _at_end(page)
    await _tell(page, *answering(*[SENTENCE] * 5))
    await _at_end(page)
    await expect(page.get_by_role('button', name=TO_THE_END)).to_have_count(0)


async def test_a_welcome_longer_than_the_frame_shows_its_beginning(page: Page) -> None:
    await expect(page.get_by_text('Welcome')).to_be_visible()
    resized = 'new Promise(done => new ResizeObserver(done).observe(document.querySelector(".chat__content")))'
    await page.evaluate(resized)  # the chat heard of its size before
    assert await page.evaluate('document.querySelector(".chat__region").scrollTop') == 0
    await expect(page.get_by_role('button', name=TO_THE_END)).to_have_count(0)
    await _say(page, 10)
    await expect(page.get_by_text('Welcome')).to_be_hidden()
    await _at_end(page)


async def test_a_reader_who_scrolled_up_stays_there_until_pressing_the_button(page: Page) -> None:
    await _say(page, 10)
    await _at_end(page)
    region = page.get_by_role('region', name='Conversation')
    await region.focus()
    await page.keyboard.press('Home')
    await page.wait_for_function('document.querySelector(".chat__region").scrollTop === 0')

    await _tell(page, *answering(SENTENCE))
    await expect(page.get_by_test_id('turn').last).to_contain_text(SENTENCE.strip())
    assert await region.evaluate('region => region.scrollTop') == 0

    await page.get_by_role('button', name=TO_THE_END).press('Enter')
    await _at_end(page)
    await expect(page.get_by_role('button', name=TO_THE_END)).to_have_count(0)
    await expect(region).to_be_focused()

    await _tell(page, e.delta('r1', 'a1', SENTENCE * 5))
    await _at_end(page)


async def test_the_button_leads_to_the_end_although_something_else_scrolls(page: Page) -> None:
    await _say(page, 20)
    await _at_end(page)
    await page.get_by_role('region', name='Conversation').press('Home')
    await page.get_by_role('button', name=TO_THE_END).evaluate(
        """async (button) => {
            button.click();
            const region = document.querySelector(".chat__region");
            while (region.scrollTop < 100) await new Promise(requestAnimationFrame);
            region.scrollTo({ top: 0, behavior: "smooth" });
            const top = region.scrollTop;
            while (region.scrollTop === top) await new Promise(requestAnimationFrame);
        }"""
    )
    await _at_end(page)
    await expect(page.get_by_role('button', name=TO_THE_END)).to_have_count(0)


async def test_the_words_that_are_spoken_stay_in_view(page: Page) -> None:
    """The spoken words are told as the captions do, in every frame."""
    await page.emulate_media(reduced_motion='reduce')
    await _say(page, 5)
    await _at_end(page)
    await page.evaluate(VOICE)
    await _tell(page, *answering(*(f'Word{number} {SENTENCE}' for number in range(40))))
    words = page.get_by_test_id('turn-text').last
    await expect(words).to_contain_text('Word39')
    await page.wait_for_function('below(0) > 0')  # the beginning is in view

    await _speak_to(page, 20)
    await page.wait_for_function('0 < below(20) && below(20) < 200')
    region = page.get_by_role('region', name='Conversation')
    await region.hover()
    await page.mouse.wheel(0, -30)  # so little that the next word would scroll it back
    await expect(page.get_by_test_id('jump-to-latest')).to_be_visible()
    place = await region.evaluate(RESTING_PLACE)
    await _speak_to(page, 25)
    assert await region.evaluate('region => region.scrollTop') == place, 'the reader left'
    await page.get_by_test_id('jump-to-latest').click()
    await page.wait_for_function('0 < below(25) && below(25) < 200')

    await page.mouse.wheel(0, 5_000)  # the reader reads ahead
    await _at_end(page)
    await _speak_to(page, 26)
    await _at_end(page)
    await page.evaluate('window.spoken = null')
    await _tell(page, e.delta('r1', 'a1', SENTENCE * 5))
    await _at_end(page)


VOICE = """() => {
    const text = () => [...document.querySelectorAll("[data-testid=turn-text]")].at(-1).firstChild;
    const place = () => ({ text: text(), from: text().data.indexOf(`Word${spoken}`) });
    window.spoken = 0;
    window.below = (word) => {
        const range = document.createRange();
        range.setStart(text(), text().data.indexOf(`Word${word}`));
        return range.getBoundingClientRect().top - document.querySelector(".chat__region").getBoundingClientRect().top;
    };
    const speak = () => {
        const said = spoken === null || place().from < 0 ? null : place();
        document.dispatchEvent(new CustomEvent("spoken-to", { detail: said }));
        window.told = spoken;
        requestAnimationFrame(speak);
    };
    speak();
}"""


RESTING_PLACE = """async (region) => {
    for (let place = NaN, frames = 0; frames < 10; frames = region.scrollTop === place ? frames + 1 : 0) {
        place = region.scrollTop;
        await new Promise(requestAnimationFrame);
    }
    return region.scrollTop;
}"""
"""Where the conversation stands once the wheel has scrolled it smoothly."""


async def _speak_to(page: Page, word: int) -> None:
    await page.evaluate(f'window.spoken = {word}')
    await page.wait_for_function(f'told === {word}')


async def test_the_time_of_a_turn_that_can_be_played_is_a_button(page: Page) -> None:
    await _say_numbered(page, 2)
    await page.evaluate(
        """async () => {
            document.addEventListener("play-turn", ({ detail }) => (window.played = detail));
            (await import("playable_turns")).playableTurns.value = new Set(["u0"]);
        }"""
    )
    await page.locator('[data-item-id=u0]').get_by_role('button', name=re.compile(r'\d')).press('Enter')
    assert await page.evaluate('played') == 'u0'
    await expect(page.locator('[data-item-id=u1]').get_by_role('button', name=re.compile(r'\d'))).to_have_count(0)


async def test_with_reduced_motion_the_button_jumps_to_the_end(page: Page) -> None:
    await page.emulate_media(reduced_motion='reduce')
    await _say(page, 10)
    await _at_end(page)
    await page.get_by_role('region', name='Conversation').press('Home')
    button = page.get_by_role('button', name=TO_THE_END)
    assert await button.evaluate(f'button => {{ button.click(); return ({DISTANCE})() }}') < 1


async def test_bubbles_move_to_their_place(page: Page) -> None:
    await _tell(page, e.added(e.written('c', 'user', 'c'), 'b'), e.added(e.written('a', 'user', '<b>a</b>'), None))
    await _tell(page, e.added(e.written('b', 'assistant', 'b'), 'a'))
    await expect(page.get_by_test_id('turn-text')).to_have_text(['<b>a</b>', 'b', 'c'])


async def test_a_long_conversation_opens_at_its_end_and_is_rendered_where_one_reads(page: Page) -> None:
    region = page.get_by_role('region', name='Conversation')
    ids = [f'u{number}' for number in range(250)]
    await _tell(page, *(e.added(e.written(id_, 'user', f'Turn {id_}. {SENTENCE}'), None) for id_ in ids))
    await expect(region.get_by_text('Turn u249.')).to_be_in_viewport()
    first = page.get_by_test_id('turn').first
    while (before := await first.get_attribute('data-item-id')) != 'u0':
        await region.press('Home')
        await expect(first).not_to_have_attribute('data-item-id', before or '')
        assert await page.get_by_test_id('turn').count() <= MOST_SHOWN
    await page.get_by_role('button', name=TO_THE_END).click()
    await expect(region.get_by_text('Turn u249.')).to_be_in_viewport()
    await _at_end(page)


async def test_rows_that_stay_are_not_rendered_again(page: Page) -> None:
    assert await page.evaluate(DIVIDED) == {
        'above': [['n'], True, True],
        'in between': [['a', 'b', 'n'], False, True],
        'gone': [['b'], False, True],
        'another order': [['d', 'a', 'b', 'c'], False, False],
    }
    approached = await page.evaluate(APPROACHED)
    up = [_keys(12, 52), _keys(4, 44), _keys(0, 40)]
    assert approached['scrolling up'] == up, 'many come and go by a few in a frame'
    assert approached['scrolling down'] == [_keys(8, 48), _keys(15, 55)]
    assert approached['only below'] == [_keys(0, 18), _keys(0, 26), _keys(0, 30)]
    for change in ('new at the end', 'inserted', 'another place', 'all'):
        assert len(approached[change]) == 1, 'at once'


def _keys(start: int, end: int) -> list[str]:
    return [str(number) for number in range(start, end)]


DIVIDED = """async () => {
    const { divide } = await import("row_group");
    const before = [...divide(["a", "b"], []), ...divide(["c", "d"], [])];
    const look = (keys) => {
        const groups = divide(keys, before);
        const isKept = before.map((group) => groups.includes(group));
        return [...groups.filter((group) => !before.includes(group)).map(({ keys }) => keys), ...isKept];
    };
    return {
        "above": look(["n", "a", "b", "c", "d"]),
        "in between": look(["a", "b", "n", "c", "d"]),
        "gone": look(["b", "c", "d"]),
        "another order": look(["d", "a", "b", "c"]),
    };
}"""


APPROACHED = """async () => {
    const { approach } = await import("approach");
    const keys = (from, to) => Array.from({ length: to - from }, (_, place) => `${from + place}`);
    const steps = (rendered, wanted) => {
        const taken = [];
        for (let now = rendered; now !== wanted; taken.push(now)) now = approach(now, wanted);
        return taken;
    };
    return {
        "scrolling up": steps(keys(20, 60), keys(0, 40)),
        "scrolling down": steps(keys(0, 40), keys(15, 55)),
        "only below": steps(keys(0, 10), keys(0, 30)),
        "new at the end": steps(keys(0, 9), keys(0, 10)),
        "inserted": steps(keys(0, 9), [...keys(0, 4), "new", ...keys(4, 9)]),
        "another place": steps(keys(0, 9), keys(20, 40)),
        "all": steps([], keys(0, 40)),
    };
}"""


async def test_a_turn_far_back_is_sought_and_shown_in_the_middle(page: Page) -> None:
    await _say_numbered(page, 500)
    assert await _seek(page, 'u7')
    turn = page.locator('[data-item-id=u7]')
    await expect(turn).to_be_in_viewport(ratio=1)
    await expect(turn).to_have_class(re.compile('turn--found'))
    await expect(turn).to_be_focused()
    await _tell(page, e.added(e.written('new', 'user', 'News.'), 'u499'))
    await expect(turn).to_be_in_viewport(ratio=1)  # what one reads stays

    await turn.get_by_test_id('turn-edit').press('Enter')
    await turn.get_by_test_id('turn-editor').fill('Other words')
    assert await _seek(page, 'u250')
    await expect(page.locator('[data-item-id=u250]')).to_be_in_viewport(ratio=1)
    await expect(turn).to_have_count(0)
    assert await _seek(page, 'u7')
    await expect(turn.get_by_test_id('turn-editor')).to_have_value('Other words')  # an edit outlives its bubble
    await turn.get_by_role('button', name='Cancel').click()
    await expect(turn.get_by_test_id('turn-text')).to_contain_text('Turn u7.')
    assert not await _seek(page, 'unknown')


async def test_a_turn_is_copied(page: Page) -> None:
    await page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    await _say_numbered(page, 3)
    turn = page.locator('[data-item-id=u1]')
    await turn.hover()
    await turn.get_by_test_id('turn-copy').click()
    await expect(turn.get_by_role('status')).to_have_text('Copied')
    assert (await page.evaluate('navigator.clipboard.readText()')).startswith('Turn u1. What was said')

    await page.evaluate(
        'Object.defineProperty(navigator, "clipboard", {value: undefined})'
    )  # as on a page without HTTPS
    last = page.locator('[data-item-id=u2]')
    await last.get_by_test_id('turn-copy').focus()
    await page.keyboard.press('Enter')
    await expect(last.get_by_role('status')).to_have_text('Copied')
    await expect(last.get_by_test_id('turn-copy')).to_be_focused()


async def test_an_answer_in_markdown_is_shown_with_its_structure_and_never_as_html(page: Page) -> None:
    await page.context.grant_permissions(['clipboard-read', 'clipboard-write'])
    text = (
        '# Tea\n$x^2$ **Boil** <img src=x onerror=alert(1)> [water](https://a.example), [not](javascript:alert(1)).\n\n'
        '3. one\n4. two\n\n```py\nprint(1 < 2)\n```\n\n| a | b |\n|--|--:|\n| 1 | 2 |'
    )
    await _tell(page, *answering(text), e.done(answer(text)), e.finished('r1'))
    words = page.get_by_test_id('turn-text')
    await expect(words.get_by_role('heading', name='Tea')).to_be_visible()
    await expect(words.locator('strong')).to_have_text('Boil')
    await expect(words.locator('img')).to_have_count(0)
    assert await words.locator('msup').evaluate('(it) => it instanceof MathMLElement')
    await expect(words).to_contain_text('<img src=x onerror=alert(1)>')
    (link,) = await words.get_by_role('link').all()
    assert [await link.get_attribute(name) for name in ('href', 'target')] == ['https://a.example', '_blank']
    await expect(words.locator('ol[start="3"] li')).to_have_text(['one', 'two'])
    await expect(words.locator('td').last).to_have_css('text-align', 'right')
    await words.get_by_test_id('code-copy').click()
    await page.wait_for_function(COPIED, arg='print(1 < 2)')
    await page.get_by_test_id('turn-copy').press('Enter')
    await page.wait_for_function(COPIED, arg=text)


COPIED = '(text) => navigator.clipboard.readText().then((copied) => copied === text)'


async def test_a_picture_is_enlarged_until_it_is_pressed(page: Page) -> None:
    await _tell(page, e.added(e.shown('u1', 'Which one?', PICTURE), None))
    picture = page.get_by_role('button', name='Picture 1 of 1')
    await picture.click()
    view = page.get_by_test_id('picture-view')
    await expect(view.get_by_role('img')).to_have_attribute('src', PICTURE)
    await expect(view.get_by_role('button')).to_be_focused()
    await page.keyboard.press('Escape')
    await expect(view).to_have_count(0)
    await picture.click()
    await view.get_by_role('img').click()
    await expect(view).to_have_count(0)


PICTURE = (
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAYAQAAAACzKMKZAAAADklEQVR4nGNYBQQM9CcA'
    '8ko/wcZVvH4AAAAASUVORK5CYII='
)


async def test_one_copy_button_is_a_tab_stop_and_arrows_lead_to_the_others(page: Page) -> None:
    await _say_numbered(page, 3)
    await page.get_by_role('region', name='Conversation').focus()
    await page.keyboard.press('Tab')
    await expect(page.locator('[data-item-id=u2]').get_by_test_id('turn-copy')).to_be_focused()
    await page.keyboard.press('ArrowUp')
    await expect(page.locator('[data-item-id=u1]').get_by_test_id('turn-copy')).to_be_focused()
    assert await page.get_by_test_id('turn-copy').evaluate_all('all => all.filter(it => it.tabIndex === 0).length') == 1


DISTANCE = """() => {
    const { scrollTop, scrollHeight, clientHeight } = document.querySelector(".chat__region");
    return scrollHeight > clientHeight ? scrollHeight - clientHeight - scrollTop : Infinity;
}"""


async def _at_end(page: Page) -> None:
    """Wait until the end is in sight, and something is out of sight."""
    await page.wait_for_function(f'({DISTANCE})() < 1')


async def _say(page: Page, turns: int) -> None:
    ids = [f'u{number}' for number in range(turns)]
    await _tell(page, *(e.added(e.written(id_, 'user', SENTENCE), None) for id_ in ids))
    await expect(page.get_by_test_id('turn')).to_have_count(turns)


async def _tell(page: Page, *events: Event) -> None:
    await page.request.post(f'{page.url}events', data=list(events))


async def _say_numbered(page: Page, count: int) -> None:
    """Write so many turns with the ids u0, u1 and so on."""
    ids = [f'u{number}' for number in range(count)]
    await _tell(page, *(e.added(e.written(id_, 'user', f'Turn {id_}. {SENTENCE}'), None) for id_ in ids))
    await expect(page.locator(f'[data-item-id=u{count - 1}]')).to_be_visible()


async def _seek(page: Page, item_id: str) -> bool:
    return bool(await (await page.request.post(f'{page.url}seek/{item_id}')).json())
