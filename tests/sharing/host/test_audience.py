"""The readers of the audience view, and the end of their visits."""

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


def test_a_new_reader_sees_the_transcript_and_the_call_status() -> None:
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


def test_a_closed_audience_view_is_not_found() -> None:
    audiences = Audiences()
    audience = audiences.of(Transcript())
    assert audiences.find(token(audience.path)) is None
    audience.open()
    audience.close()
    assert audiences.find(token(audience.path)) is None


def test_readers_are_notified_of_the_end_once() -> None:
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
