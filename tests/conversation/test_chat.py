"""The chat shows a transcript; tested without a browser."""

from itertools import pairwise

import pytest
from nicegui import ui
from nicegui.element import Element
from nicegui.testing import User

from components.call.items import Speaker
from components.conversation.chat import SHOWN_AT_FIRST, Chat, Window
from components.conversation.divider import Break, break_before
from components.conversation.transcript.call_mark import Begun, CallMark
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Turn
from components.words.language import ENGLISH

from .transcript import events as e
from .transcript.events import Event, event
from .transcript.transcripts import answer, answering, apply

pytestmark = pytest.mark.nicegui_main_file('')  # the tests bring a page of their own


class Page:
    """A page with nothing but a chat, and the transcript that it shows."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.transcript = Transcript()
        self.kept = True

    async def open(self) -> None:
        @ui.page('/')
        def page() -> None:
            self.chat = Chat(empty=lambda: ui.label('Press the button and speak.'), is_kept=lambda _: self.kept)

        await self.user.open('/')

    def apply(self, *events: Event) -> None:
        """Apply events, as they come in one batch."""
        changed = set[str]().union(*(apply(self.transcript, event_) for event_ in events))
        self.chat.show(self.transcript, changed)

    def rows(self) -> list[Element]:
        (turns,) = (element for element in self.chat.descendants() if element.tag == 'ol')
        return list(turns)

    def bubbles(self) -> list[Element]:
        return [element for element in self.chat.descendants() if element.props.get('data-testid') == 'turn']

    def looks(self) -> list[str]:
        """Each bubble in order: `user open Hello | interrupted`."""
        return [
            ' '.join([bubble.props['data-speaker'], bubble.props['data-status'], *words(bubble)])
            for bubble in self.bubbles()
        ]

    def announced(self) -> list[str]:
        (news,) = (element for element in self.chat.descendants() if element.props.get('aria-live'))
        return [label.text for label in news.descendants() if isinstance(label, ui.label)]


def words(bubble: Element) -> list[str]:
    """Return the text of a bubble below the speaker's name."""
    labels = [label.text for label in bubble.descendants() if isinstance(label, ui.label)][1:]
    images = [element for element in bubble.descendants() if element.props.get('role') == 'img']
    dots = [f'[{image.props["aria-label"]}]' for image in images]
    return [word for word in labels + dots if word]


@pytest.fixture
async def page(user: User) -> Page:
    page = Page(user)
    await page.open()
    return page


async def test_the_empty_chat_teaches_until_somebody_speaks(page: Page) -> None:
    await page.user.should_see('Press the button and speak.')
    page.apply(e.started('u1'))
    await page.user.should_not_see('Press the button and speak.')
    page.apply(event('input_audio_buffer.cleared'))
    await page.user.should_see('Press the button and speak.')
    assert page.bubbles() == []


async def test_a_bubble_listens_grows_and_is_done(page: Page) -> None:
    page.apply(e.started('u1'))
    assert page.looks() == ['user open [listening]']
    page.apply(e.words_delta('u1', ' '))
    assert page.looks() == ['user open [listening]']
    page.apply(e.words_delta('u1', 'Hel'))
    assert page.looks() == ['user open Hel']
    page.apply(e.committed('u1', None), e.words('u1', 'Hello.'))
    assert page.looks() == ['user done Hello.']
    page.apply(*answering())
    assert page.looks() == ['user done Hello.', 'assistant open [thinking]']
    assert [bubble.props['data-item-id'] for bubble in page.bubbles()] == ['u1', 'a1']


async def test_only_the_words_are_in_the_element_for_the_words(page: Page) -> None:
    page.apply(*answering('Once'), e.cancelled('r1'))
    (text,) = (element for element in page.chat.descendants() if element.props.get('data-testid') == 'turn-text')
    assert isinstance(text, ui.label)
    assert text.text == 'Once'


async def test_markup_is_shown_as_text(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', '<img src=x onerror=alert(1)> **bold**'), None))
    assert page.looks() == ['user done <img src=x onerror=alert(1)> **bold**']
    assert not [element for element in page.chat.descendants() if isinstance(element, ui.html | ui.markdown)]


@pytest.mark.parametrize(
    ('end', 'look'),
    [
        (e.cancelled('r1'), 'assistant interrupted Once interrupted'),
        (e.cancelled('r1', reason='client_cancelled'), 'assistant interrupted Once stopped'),
        (e.truncated('a1', 300), 'assistant interrupted Once interrupted'),
        (e.failed('r1', error='Quota used up.'), 'assistant failed Once failed: Quota used up.'),
    ],
)
async def test_an_answer_that_ended_early_says_so_in_words(page: Page, end: Event, look: str) -> None:
    page.apply(*answering('Once'), end)
    assert page.looks() == [look]


async def test_speech_without_words_says_that_it_was_spoken(page: Page) -> None:
    page.apply(e.session(None), e.committed('u1', None), e.done(e.said('u1')))
    assert page.looks() == ['user done (spoken)']


async def test_pictures_are_shown_above_the_words_and_announced(page: Page) -> None:
    pictures = [f'data:image/png;base64,AAA{number}' for number in (1, 2)]
    page.apply(e.added(e.shown('u1', 'Which one?', *pictures), None))
    page.apply(e.done(e.shown('u1', 'Which one?', *pictures)))
    images = [element for element in page.chat.descendants() if element.tag == 'img']
    assert [image.props['src'] for image in images] == pictures
    assert [image.props['alt'] for image in images] == ['Picture 1 of 2', 'Picture 2 of 2']
    assert page.announced() == ['You: 2 pictures, Which one?']
    page.apply(e.added(e.shown('u2', '', pictures[0]), 'u1'))
    assert page.looks() == ['user done Which one?', 'user done']
    assert page.announced()[-1] == 'You: a picture'


async def test_bubbles_follow_the_order_of_the_conversation(page: Page) -> None:
    page.apply(e.added(e.written('c', 'user', 'c'), 'b'))
    page.apply(e.added(e.written('a', 'user', 'a'), None))
    page.apply(e.added(e.written('b', 'assistant', 'b'), 'a'))
    assert page.looks() == ['user done a', 'assistant done b', 'user done c']
    page.apply(event('conversation.item.deleted', item_id='b'))
    assert page.looks() == ['user done a', 'user done c']


async def test_an_update_leaves_the_other_bubbles_alone(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None), *answering('One'))
    await page.user.should_see('One')  # lets the page send what it has
    outbox = page.chat.client.outbox
    outbox.updates.clear()
    page.apply(e.delta('r1', 'a1', ' two'))
    (label,) = (page.chat.client.elements[element_id] for element_id in outbox.updates)
    assert isinstance(label, ui.label)
    assert label.text == 'One two'


async def test_the_end_of_a_conversation_is_shown_and_grows(page: Page) -> None:
    ids = [f'u{number}' for number in range(SHOWN_AT_FIRST + 2)]
    page.apply(*(e.added(e.written(id_, 'user', id_), before) for before, id_ in pairwise([None, *ids]) if id_))
    assert page.looks()[0] == 'user done u2'
    page.apply(e.added(e.written('new', 'user', 'new'), ids[-1]))
    assert page.looks()[0] == 'user done u2'
    assert page.looks()[-1] == 'user done new'


def test_a_reader_may_go_back_and_forth_in_a_long_conversation() -> None:
    window = Window()
    assert window.of(1000) == range(960, 1000)
    for _ in range(4):
        window.earlier(1000)
    assert window.of(1000) == range(840, 960)  # no more than a browser bears
    window.later(1000)
    assert window.of(1000) == range(870, 990)
    window.later(1000)
    assert window.of(1010) == range(890, 1010)  # the end, which grows
    window.earlier(1010)
    window.end(1010)
    assert window.of(1010) == range(970, 1010)


async def test_a_new_call_stands_behind_a_divider_with_its_reason(page: Page) -> None:
    page.transcript.begin_call(CallMark(Begun.STARTED, 1000.0))
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None))
    page.transcript.begin_call(CallMark(Begun.RECONNECTED, 2000.0))
    page.apply(e.added(e.written('u2', 'user', 'Again.'), 'u1'))
    page.apply(e.added(e.written('u3', 'user', 'Go on.'), 'u2'))
    rows = [row.props.get('data-item-id') or row.props['data-reason'] for row in page.rows()]
    assert rows == ['u1', 'reconnected', 'u2', 'u3']


def test_a_new_day_is_marked() -> None:
    day = 24 * 60 * 60.0
    yesterday, today = Turn('u1', Speaker.USER, started_at=0.0), Turn('u2', Speaker.USER, started_at=day)
    later = Turn('u3', Speaker.USER, started_at=day + 1, call=1)
    assert break_before(yesterday, None, {}) is None
    assert break_before(today, yesterday, {}) == Break(None, day, is_new_day=True)
    mark = CallMark(Begun.CONTINUED, day)
    assert break_before(later, today, {1: mark}) == Break(mark, day, False)


def test_the_divider_of_a_call_says_how_it_was_told_the_older_part(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None))
    for number, mark in enumerate([CallMark(Begun.CONTINUED, 1.0, 'extracts'), SUMMARISED], start=2):
        page.transcript.begin_call(mark)
        page.apply(e.added(e.written(f'u{number}', 'user', 'Hi again.'), f'u{number - 1}'))
    told = [element for row in page.rows() for element in row.descendants() if 'divider__told' in element.classes]
    assert [element.tag for element in told] == ['div', 'details']
    assert [label.text for label in told[1].descendants() if isinstance(label, ui.label)] == [
        ENGLISH.text('chat.older_told.summary'),
        'They greeted.',
    ]


SUMMARISED = CallMark(Begun.CONTINUED, 2.0, 'summary', 'They greeted.')


async def test_a_turn_looks_finished_only_when_it_is_stored(page: Page) -> None:
    page.kept = False
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None))
    assert page.looks() == ['user open Hi.']
    assert page.announced() == []
    page.kept = True
    page.chat.show(page.transcript, {'u1'})
    assert page.looks() == ['user done Hi.']
    assert page.announced() == ['You: Hi.']


async def test_each_turn_is_announced_once_when_it_is_done(page: Page) -> None:
    page.apply(*answering('Hel', 'lo'))
    assert page.announced() == []
    page.apply(e.done(answer('Hello.')))
    page.apply(e.truncated('a1', 100))
    assert page.announced() == ['AI: Hello.']


async def test_the_unheard_part_is_marked_and_not_announced(page: Page) -> None:
    text = 'Once upon a time there was a lighthouse.'
    page.apply(*answering(text), e.sound_started('r1'), e.done(answer(text)), e.finished('r1'))
    assert page.announced() == []  # it is being heard
    page.apply(e.truncated('a1', 900), e.sound_cleared('r1'))
    assert page.looks() == ['assistant interrupted Once upon a  time there was a lighthouse. interrupted']
    (unheard,) = (element for element in page.chat.descendants() if element.props.get('aria-label') == 'Not heard')
    assert isinstance(unheard, ui.label)
    assert unheard.text == ' time there was a lighthouse.'
    assert page.announced() == ['AI: Once upon a']


async def test_an_answer_is_announced_once_its_sound_has_ended(page: Page) -> None:
    page.apply(*answering('Hello.'), e.sound_started('r1'), e.done(answer('Hello.')), e.finished('r1'))
    assert page.announced() == []
    page.apply(e.sound_stopped('r1'))
    assert page.announced() == ['AI: Hello.']


async def test_old_announcements_are_removed(page: Page) -> None:
    page.apply(*(e.added(e.written(id_, 'user', id_), None) for id_ in 'abcd'))
    assert page.announced() == ['You: b', 'You: c', 'You: d']


async def test_a_transcript_from_an_earlier_call_is_shown_but_not_announced(page: Page) -> None:
    apply(page.transcript, e.added(e.written('u1', 'user', 'Hi.'), None))
    page.chat.show(page.transcript)
    page.apply(e.added(e.written('a2', 'assistant', 'Hello.'), 'u1'))
    assert page.looks() == ['user done Hi.', 'assistant done Hello.']
    assert page.announced() == ['AI: Hello.']
