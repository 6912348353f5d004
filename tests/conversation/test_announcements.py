"""The announcements of a conversation for screen readers."""

import pytest
from nicegui.testing import User

from .chat_user import Page
from .transcript import events as e
from .transcript.transcripts import answer, answering, apply


@pytest.fixture
async def page(user: User) -> Page:
    page = Page(user)
    await page.open()
    return page


async def test_each_turn_is_announced_once_when_it_is_done(page: Page) -> None:
    page.apply(*answering('Hel', 'lo'))
    assert page.announced() == []
    page.apply(e.done(answer('Hello.')))
    page.apply(e.truncated('a1', 100))
    assert page.announced() == ['AI: Hello.']


async def test_an_answer_is_shown_and_announced_by_the_name_of_its_persona(page: Page) -> None:
    page.transcript.persona = 'Calm  coach'
    page.apply(*answering('Hello.'), e.done(answer('Hello.')))
    assert [row.name for row in page.bubbles()] == ['Calm coach']
    assert page.announced() == ['Calm coach: Hello.']


async def test_the_unheard_part_is_marked_and_not_announced(page: Page) -> None:
    text = 'Once upon a time there was a lighthouse.'
    page.apply(*answering(text), e.sound_started('r1'), e.done(answer(text)), e.finished('r1'))
    assert page.announced() == []  # it is being heard
    page.apply(e.truncated('a1', 900), e.sound_cleared('r1'))
    assert page.looks() == ['assistant interrupted Once upon a  time there was a lighthouse. interrupted']
    assert page.bubbles()[0].unheard == ' time there was a lighthouse.'
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
