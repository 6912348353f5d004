"""The chat shows a transcript; tested without a browser."""

from itertools import pairwise

import pytest
from nicegui.json import dumps
from nicegui.testing import User

from components.call.items import Speaker
from components.conversation.chat import Chat
from components.conversation.rows.divider import Break, DividerRow, break_before
from components.conversation.rows.node import Node
from components.conversation.rows.turn_row import TurnRow
from components.conversation.transcript.call_mark import Begun, CallMark
from components.conversation.transcript.turn import Turn
from components.conversation.window import SHOWN_AT_FIRST, Window
from components.words.language import ENGLISH

from .chat_user import Page
from .transcript import events as e
from .transcript.events import Event, event
from .transcript.transcripts import answer, answering

pytestmark = pytest.mark.nicegui_main_file('')  # the tests bring a page of their own


@pytest.fixture
async def page(user: User) -> Page:
    page = Page(user)
    await page.open()
    return page


async def test_speech_that_was_cleared_leaves_the_chat_empty(page: Page) -> None:
    page.apply(e.started('u1'))
    page.apply(event('input_audio_buffer.cleared'))
    assert page.rows() == []


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
    assert [bubble.id for bubble in page.bubbles()] == ['u1', 'a1']


async def test_a_very_long_turn_is_folded_until_its_reader_asks_for_all_of_it(page: Page) -> None:
    page.apply(*answering('a' * 100_000))
    page.start_browser()
    page.apply(*(e.delta('r1', 'a1', 'b' * 100_000) for _ in range(8)))
    (row,) = page.bubbles()
    assert (len(row.said), row.said[-1], row.folded) == (20_001, '…', 'Show all of it')
    assert len(dumps(page.sent)) < 1_000
    page.user.find(Chat).trigger('unfold', 'a1')
    (row,) = page.bubbles()
    assert (len(row.said), row.folded) == (900_000, '')
    assert len(dumps(page.sent)) > 880_000
    page.user.find(Chat).trigger('unfold', 'nothing')


async def test_only_the_words_are_in_the_element_for_the_words(page: Page) -> None:
    page.apply(*answering('Once'), e.cancelled('r1'))
    (row,) = page.bubbles()
    assert (row.said, row.note) == ('Once', 'interrupted')


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


async def test_an_answer_is_formatted_once_it_has_been_heard(page: Page) -> None:
    text = 'I **do**.'
    page.apply(*answering(text), e.sound_started('r1'), e.done(answer(text)), e.finished('r1'))
    assert page.bubbles()[0].formatted == ()
    page.apply(e.sound_stopped('r1'))
    (paragraph,) = page.bubbles()[0].formatted
    assert paragraph.children == ('I ', Node('strong', ('do',)), '.')
    assert page.looks() == ['assistant done I **do**.'], 'that is copied'


async def test_pictures_are_shown_above_the_words_and_announced(page: Page) -> None:
    pictures = [f'data:image/png;base64,AAA{number}' for number in (1, 2)]
    page.apply(e.added(e.shown('u1', 'Which one?', *pictures), None))
    page.apply(e.done(e.shown('u1', 'Which one?', *pictures)))
    images = page.bubbles()[0].pictures
    assert [image.src for image in images] == pictures
    assert [image.alt for image in images] == ['Picture 1 of 2', 'Picture 2 of 2']
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


async def test_a_word_is_sent_alone(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None), *answering('One'))
    page.start_browser()
    page.apply(e.delta('r1', 'a1', ' two'))
    page.apply(e.delta('r1', 'a1', ' three'), e.cancelled('r1'))
    word, end = page.sent
    assert word == {'version': 2, 'rows': {'a1': {'more': ' two'}}}
    assert end['rows'] == {'a1': {'status': 'interrupted', 'note': 'interrupted', 'more': ' three'}}
    assert end['news'] == ['AI: One two three']
    assert not page.chat.client.outbox.updates  # which would render the whole page again


async def test_a_turn_that_is_not_rendered_sends_nothing(page: Page) -> None:
    ids = [f'u{number}' for number in range(SHOWN_AT_FIRST + 2)]
    page.apply(*(e.added(e.written(id_, 'user', id_), before) for before, id_ in pairwise([None, *ids]) if id_))
    page.start_browser()
    page.chat.show(page.transcript, {'u1'})
    assert page.sent == []


async def test_a_browser_that_rendered_an_older_version_gets_all_that_is_shown(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None))
    page.start_browser(version=0)
    (everything,) = page.sent
    assert everything['order'] == ['u1']
    assert everything['rows']['u1']['said'] == 'Hi.'


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
    for _ in range(8):
        window.earlier(1000)
    assert window.of(1000) == range(840, 920)  # no more than a browser bears
    window.later(1000)
    assert window.of(1000) == range(855, 935)
    for _ in range(5):
        window.later(1010)
    assert window.of(1010) == range(930, 1010)  # the end, which grows
    window.earlier(1010)
    window.end(1010)
    assert window.of(1010) == range(970, 1010)


async def test_a_new_call_stands_behind_a_divider_with_its_reason(page: Page) -> None:
    page.transcript.begin_call(CallMark(Begun.STARTED, 1000.0))
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None))
    page.transcript.begin_call(CallMark(Begun.RECONNECTED, 2000.0))
    page.apply(e.added(e.written('u2', 'user', 'Again.'), 'u1'))
    page.apply(e.added(e.written('u3', 'user', 'Go on.'), 'u2'))
    rows = [row.id if isinstance(row, TurnRow) else row.reason for row in page.rows()]
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
    told = [(row.told, row.summary) for row in page.rows() if isinstance(row, DividerRow)]
    assert told == [
        (ENGLISH.text('chat.older_told.extracts'), ''),
        (ENGLISH.text('chat.older_told.summary'), 'They greeted.'),
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


def test_the_list_of_ids_stays_the_same_while_turns_only_grow(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None), *answering('One'))
    ids = page.transcript.ids
    page.apply(e.delta('r1', 'a1', ' two'))
    assert page.transcript.ids is ids
    page.apply(event('conversation.item.deleted', item_id='u1'))
    assert list(page.transcript.ids) == ['a1']


async def test_the_latest_answer_can_be_asked_for_again_once_it_is_over(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None), *answering('Hel'))
    assert page.chat.shown.again == ''
    page.apply(e.done(answer('Hello.')), e.finished('r1'))
    assert page.chat.shown.again == 'a1'
    page.apply(e.added(e.written('u2', 'user', 'Bye.'), 'a1'))
    assert page.chat.shown.again == ''


async def test_what_the_user_wrote_or_said_can_be_edited_once_its_words_are_complete(page: Page) -> None:
    page.apply(e.added(e.written('u1', 'user', 'Hi.'), None), e.committed('u2', 'u1'), e.added(e.said('u2'), 'u1'))
    page.apply(e.words_delta('u2', 'Good'))
    assert [row.id for row in page.bubbles() if row.editable] == ['u1']
    page.apply(e.words('u2', 'Good day.'), e.done(e.said('u2', 'Good day.')), *answering('Hello.'))
    assert [row.id for row in page.bubbles() if row.editable] == ['u1', 'u2']
