"""Pictures of the user."""

import pytest

from . import events as e
from .transcripts import the_turn

PNG, WEBP = 'data:image/png;base64,iVBORw0KGgo=', 'data:image/webp;base64,UklGRg=='


def test_pictures_stand_in_the_turn_with_the_words() -> None:
    turn = the_turn(e.added(e.shown('u1', 'Which one?', PNG, WEBP), None))
    assert (turn.text, turn.images) == ('Which one?', (PNG, WEBP))


def test_pictures_need_no_words() -> None:
    turn = the_turn(e.added(e.shown('u1', '', PNG), None))
    assert (turn.text, turn.images, turn.status) == ('', (PNG,), 'done')


def test_a_service_that_does_not_repeat_a_picture_erases_nothing() -> None:
    item = e.shown('u1', 'Look.', PNG)
    assert the_turn(e.added(item, None), e.done(e.shown('u1', 'Look.', ''))).images == (PNG,)


@pytest.mark.parametrize(
    'url',
    [
        'https://example.com/cat.png',
        'data:image/svg+xml;base64,PHN2Zz4=',
        'data:text/html;base64,PGI+',
        'data:image/png;base64,"onerror="alert(1)',
        'data:image/png,raw',
        '',
    ],
)
def test_pictures_of_other_kinds_and_addresses_are_not_shown(url: str) -> None:
    turn = the_turn(e.added(e.shown('u1', 'Look.', url), None))
    assert (turn.text, turn.images) == ('Look.', ())
