"""The chat: a transcript as bubbles."""

from collections.abc import Callable, Collection, Iterable

from nicegui import ui

from components.call.items import Speaker
from components.words.language import Text
from components.words.page import language

from .follow_end import FollowEnd
from .transcript.transcript import Transcript
from .transcript.turn import Status, Turn

SHOWN_TURNS = 200  # a browser with 1,000 bubbles spends twice the time on each update
ANNOUNCED_TURNS = 3  # sentences kept in the live region: enough for slow readers

AWAITED = {Speaker.USER, Speaker.ASSISTANT}  # dots stand in for their words until these arrive
REASONS = {'client_cancelled', 'call_ended', 'max_output_tokens', 'content_filter'}  # all others are interruptions


class Chat(ui.element, default_classes='chat'):
    """Shows a transcript as bubbles that grow as their words are spoken.

    Screen readers announce each turn once, when it is done and its sound has ended.
    """

    def __init__(self, *, empty: Callable[[], object] | None = None, text: Text | None = None) -> None:
        """Create a chat without turns.

        :param empty: builds what is shown while there is no turn
        :param text: gives the texts around the words; by default those in the page's language
        """
        super().__init__()
        self.props['data-testid'] = 'chat'
        self._bubbles: dict[str, _Bubble] = {}
        self._announced: set[str] = set()
        self._say = text or language().text
        with self:
            with FollowEnd(label=self._say('chat.label'), button=self._say('chat.to_end')) as self._view:
                with ui.element().classes('chat__empty') as self._empty:
                    if empty:
                        empty()
                self._list = ui.element('ol').classes('chat__turns')
            self._view.at_rest = True
            self._news = ui.element().classes('visually-hidden').props('role=log aria-live=polite')

    def show(self, transcript: Transcript, changed: Collection[str] | None = None) -> None:
        """Update the bubbles.

        :param changed: the item ids that `Transcript.apply` returned since the last time. Without them all turns are
          updated and none is announced, as for a transcript of an earlier call.
        """
        turns = transcript.turns[-SHOWN_TURNS:]
        for item_id in self._bubbles.keys() - {turn.item_id for turn in turns}:
            self._bubbles.pop(item_id).delete()
        for place, turn in enumerate(turns):
            self._show_turn(turn, place, fresh=changed is None or turn.item_id in changed)
        self._announce(turn for turn in turns if changed is not None and turn.item_id in changed)
        self._announced = {turn.item_id for turn in turns if _is_over(turn) or turn.item_id in self._announced}
        self._empty.set_visibility(not turns)
        self._view.at_rest = not turns

    def _show_turn(self, turn: Turn, place: int, *, fresh: bool) -> None:
        bubble = self._bubbles.get(turn.item_id)
        if bubble is None:
            with self._list:
                bubble = self._bubbles[turn.item_id] = _Bubble(turn, self._say)
        elif fresh:
            bubble.show(turn)
        if self._list.default_slot.children[place] is not bubble:
            bubble.move(self._list, place)

    def _announce(self, changed: Iterable[Turn]) -> None:
        with self._news:
            for turn in changed:
                if _is_over(turn) and turn.item_id not in self._announced:
                    name = self._say(f'chat.names.{turn.speaker}')
                    ui.label(self._say('chat.announcement', name=name, words=_announcement(turn, self._say)))
        for old in self._news.default_slot.children[:-ANNOUNCED_TURNS]:
            old.delete()


class _Bubble(ui.element, default_classes='turn'):
    def __init__(self, turn: Turn, text: Text) -> None:
        super().__init__('li')
        self._say = text
        self.props['data-testid'] = 'turn'
        self.props['data-item-id'] = turn.item_id
        with self:
            self._speaker = ui.label().classes('turn__speaker')
            self._pictures: ui.element | None = None
            self._words = ui.label().classes('turn__text').props('data-testid=turn-text dir=auto')
            self._unheard: ui.label | None = None
            self._dots: ui.element | None = None
            self._note: ui.label | None = None
        self.show(turn)

    def show(self, turn: Turn) -> None:
        speaker, status = turn.speaker.value, turn.status.value
        if (self.props.get('data-speaker'), self.props.get('data-status')) != (speaker, status):
            self.props['data-speaker'], self.props['data-status'] = speaker, status
            self.classes(replace=f'turn turn--{speaker} turn--{status}')
            self.update()
        self._speaker.text = self._say(f'chat.names.{speaker}')
        self._show_pictures(turn)
        said, unheard = _parts(turn, self._say)
        self._words.text = said
        self._show_unheard(unheard)
        self._show_dots(turn)
        self._show_note(_note(turn, self._say))

    def _show_pictures(self, turn: Turn) -> None:
        if not turn.images or self._pictures is not None:
            return
        with self, ui.element().classes('turn__pictures') as self._pictures:
            for number, url in enumerate(turn.images, start=1):
                picture = ui.element('img').classes('turn__picture')
                picture.props['src'] = url
                picture.props['alt'] = self._say('chat.picture', number=number, count=len(turn.images))
        self._pictures.move(self, 1)  # below the name

    def _show_unheard(self, unheard: str) -> None:
        if unheard and self._unheard is None:
            with self._words:
                self._unheard = ui.label().classes('turn__unheard').props('role=note')
                self._unheard.props['aria-label'] = self._say('chat.not_heard')
        if self._unheard is not None:
            self._unheard.text = unheard

    def _show_dots(self, turn: Turn) -> None:
        waiting = turn.status is Status.OPEN and not turn.text.strip() and turn.speaker in AWAITED
        if waiting and self._dots is None:
            with self:
                self._dots = ui.element().classes('turn__dots').props('role=img')
                self._dots.props['aria-label'] = self._say(f'chat.waiting.{turn.speaker}')
                with self._dots:
                    for _ in range(3):
                        ui.element('span')
        elif not waiting and self._dots is not None:
            self._dots.delete()
            self._dots = None

    def _show_note(self, note: str) -> None:
        if note and self._note is None:
            with self:
                self._note = ui.label().classes('turn__note')
        if self._note is not None:
            self._note.text = note


def _is_over(turn: Turn) -> bool:
    return turn.status is not Status.OPEN and not turn.sounding


def _parts(turn: Turn, text: Text) -> tuple[str, str]:
    """The words that were heard and those that were not; or a substitute in brackets, if there are no words."""
    if turn.text.strip():
        end = len(turn.text) if turn.heard is None else turn.heard
        return turn.text[:end].strip(), turn.text[end:].rstrip()
    if turn.status is Status.OPEN or turn.images:
        return '', ''
    return text('chat.spoken' if turn.spoken else 'chat.no_words'), ''


def _announcement(turn: Turn, text: Text) -> str:
    """The text for screen readers: how many pictures there are, and the words that were heard."""
    said, unheard = _parts(turn, text)
    heard = said if said or not unheard else text('chat.nothing_heard')
    if not turn.images:
        return heard
    pictures = text('chat.one_picture') if len(turn.images) == 1 else text('chat.pictures', count=len(turn.images))
    return ', '.join(filter(None, [pictures, heard]))


def _note(turn: Turn, text: Text) -> str:
    """Why a turn ended early or failed; empty if it did neither."""
    if turn.status is Status.INTERRUPTED:
        return text(f'chat.ends.{turn.reason}' if turn.reason in REASONS else 'chat.ends.interrupted')
    if turn.status is Status.FAILED:
        what = text('chat.ends.unwritten' if turn.speaker is Speaker.USER else 'chat.ends.failed')
        return text('chat.ends.because', what=what, reason=turn.reason) if turn.reason else what
    return ''
