"""Who reads along, and how long."""

from collections.abc import Collection

from components.conversation.transcript.transcript import Transcript
from components.sharing.host.audience import Audiences


class Reader:
    def __init__(self) -> None:
        self.seen: list[object] = []

    def show(self, transcript: Transcript, changed: Collection[str] | None) -> None:
        self.seen.append(changed)

    def show_calling(self, calling: bool) -> None:
        self.seen.append('calling' if calling else 'waiting')

    def show_end(self) -> None:
        self.seen.append('end')


def token(path: str) -> str:
    return path.removeprefix('audience/')


def test_whoever_joins_is_shown_what_was_said_and_whether_a_call_is_on() -> None:
    audiences = Audiences()
    audience = audiences.of(Transcript())
    audience.call(True)  # before anybody could join
    audience.open()
    reader = Reader()
    assert audiences.find(token(audience.path)) is audience
    audience.join(reader)
    audience.show({'item_1'})
    audience.call(False)
    assert reader.seen == [None, 'calling', {'item_1'}, 'waiting']


def test_nobody_finds_what_is_not_open() -> None:
    audiences = Audiences()
    audience = audiences.of(Transcript())
    assert audiences.find(token(audience.path)) is None
    audience.open()
    audience.close()
    assert audiences.find(token(audience.path)) is None


def test_readers_are_told_of_the_end_once() -> None:
    audience = Audiences().of(Transcript())
    audience.open()
    staying, leaving = Reader(), Reader()
    audience.join(staying)
    audience.join(leaving)()
    audience.close()
    audience.close()
    audience.show({'item_1'})
    assert staying.seen == [None, 'waiting', 'end']
    assert leaving.seen == [None, 'waiting']


def test_opened_again_it_has_another_address() -> None:
    audiences = Audiences()
    audience = audiences.of(Transcript())
    audience.open()
    before = audience.path
    audience.open()
    assert audience.path != before
    assert audiences.find(token(before)) is None
