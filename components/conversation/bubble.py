"""A bubble of the chat: one turn."""

from nicegui import ui

from components.call.items import Speaker
from components.widgets.copy_button import CopyButton
from components.words.language import Text

from .local_time import LocalTime
from .transcript.turn import Status, Turn

AWAITED = {Speaker.USER, Speaker.ASSISTANT}  # dots stand in for their words until these arrive
REASONS = {'client_cancelled', 'call_ended', 'max_output_tokens', 'content_filter'}  # all others are interruptions


class Bubble(ui.element, default_classes='turn'):
    """Shows a turn while it grows.

    Args:
        turn: The turn as it stands.
        text: Gives the texts around the words.
        can_copy: Whether it has a button that copies its words.
    """

    def __init__(self, turn: Turn, text: Text, *, can_copy: bool) -> None:
        super().__init__('li')
        self._say = text
        self.props['data-testid'] = 'turn'
        self.props['data-item-id'] = turn.item_id
        self.props['tabindex'] = -1  # pressing it, as on a phone, gives it the focus and so shows its time and button
        with self:
            with ui.element().classes('turn__head'):
                self._speaker = ui.label().classes('turn__speaker')
                if turn.started_at is not None:
                    LocalTime(turn.started_at, 'time').classes('turn__time').props('data-testid=turn-time')
                self._copy: CopyButton | None = None
                if can_copy:
                    self._copy = CopyButton(text('copying.turn'), text, owner='.turn', part='.turn__text')
                    self._copy.classes('turn__copy').props('data-testid=turn-copy tabindex=-1')
            self._pictures: ui.element | None = None
            self._words = ui.label().classes('turn__text').props('data-testid=turn-text dir=auto')
            self._unheard: ui.label | None = None
            self._dots: ui.element | None = None
            self._note: ui.label | None = None
        self.show(turn)

    @property
    def is_tab_stop(self) -> bool:
        """Whether the Tab key leads here; from one turn to the next lead the arrow keys."""
        return self._copy is not None and self._copy.props['tabindex'] == 0

    @is_tab_stop.setter
    def is_tab_stop(self, is_tab_stop: bool) -> None:
        if self._copy and is_tab_stop != self.is_tab_stop:
            self._copy.props['tabindex'] = 0 if is_tab_stop else -1

    def show(self, turn: Turn) -> None:
        """Show the turn as it stands now."""
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


def is_over(turn: Turn) -> bool:
    """Tell whether a turn will not change any more, and cannot be heard any more."""
    return turn.status is not Status.OPEN and not turn.sounding


def _parts(turn: Turn, text: Text) -> tuple[str, str]:
    """The words that were heard and those that were not; or a substitute in brackets, if there are no words."""
    if turn.text.strip():
        end = len(turn.text) if turn.heard is None else turn.heard
        return turn.text[:end].strip(), turn.text[end:].rstrip()
    if turn.status is Status.OPEN or turn.images:
        return '', ''
    return text('chat.spoken' if turn.spoken else 'chat.no_words'), ''


def announcement(turn: Turn, text: Text) -> str:
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
