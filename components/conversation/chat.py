from collections.abc import Callable, Collection, Iterable

from nicegui import ui

from .follow_end import FollowEnd
from .transcript import Transcript
from .turn import Speaker, Status, Turn

SHOWN_TURNS = 200  # a browser with 1,000 bubbles spends twice the time on each update
ANNOUNCED_TURNS = 3  # sentences kept in the live region: enough for those who read slowly

NAMES = {Speaker.USER: 'You', Speaker.ASSISTANT: 'AI', Speaker.SYSTEM: 'Instruction', Speaker.TOOL: 'Tool'}
WAITING = {Speaker.USER: 'listening', Speaker.ASSISTANT: 'thinking'}
REASONS = {
    'turn_detected': 'interrupted',
    'client_cancelled': 'stopped',
    'call_ended': 'the call ended',
    'max_output_tokens': 'cut short: the limit for one answer was reached',
    'content_filter': 'cut short by the content filter',
}


class Chat(ui.element, default_classes='chat'):
    def __init__(self, *, empty: Callable[[], object] | None = None) -> None:
        """Chat

        Shows a transcript as bubbles, growing as it is spoken.
        Each turn is announced to screen readers once, when it is done.

        :param empty: builds what is shown while there is no turn
        """
        super().__init__()
        self._props['data-testid'] = 'chat'
        self._bubbles: dict[str, _Bubble] = {}
        self._announced: set[str] = set()
        with self:
            with FollowEnd(label='Conversation'):
                with ui.element().classes('chat__empty') as self._empty:
                    if empty:
                        empty()
                self._list = ui.element('ol').classes('chat__turns')
            self._news = ui.element().classes('visually-hidden').props('role=log aria-live=polite')

    def show(self, transcript: Transcript, changed: Collection[str] | None = None) -> None:
        """Bring the bubbles up to date.

        :param changed: item ids that `Transcript.apply` returned since the last time; without them every turn is
          looked at and none is announced, as befits a transcript from an earlier call
        """
        turns = transcript.turns[-SHOWN_TURNS:]
        for item_id in self._bubbles.keys() - {turn.item_id for turn in turns}:
            self._bubbles.pop(item_id).delete()
        for place, turn in enumerate(turns):
            self._show_turn(turn, place, fresh=changed is None or turn.item_id in changed)
        self._announce(turn for turn in turns if changed is not None and turn.item_id in changed)
        self._announced = {turn.item_id for turn in turns if turn.status is not Status.OPEN}
        self._empty.set_visibility(not turns)

    def _show_turn(self, turn: Turn, place: int, *, fresh: bool) -> None:
        bubble = self._bubbles.get(turn.item_id)
        if bubble is None:
            with self._list:
                bubble = self._bubbles[turn.item_id] = _Bubble(turn)
        elif fresh:
            bubble.show(turn)
        if self._list.default_slot.children[place] is not bubble:
            bubble.move(self._list, place)

    def _announce(self, changed: Iterable[Turn]) -> None:
        with self._news:
            for turn in changed:
                if turn.status is not Status.OPEN and turn.item_id not in self._announced:
                    ui.label(f'{NAMES[turn.speaker]}: {_announcement(turn)}')
        for old in self._news.default_slot.children[:-ANNOUNCED_TURNS]:
            old.delete()


class _Bubble(ui.element, default_classes='turn'):
    def __init__(self, turn: Turn) -> None:
        super().__init__('li')
        self._props['data-testid'] = 'turn'
        self._props['data-item-id'] = turn.item_id
        with self:
            self._speaker = ui.label().classes('turn__speaker')
            self._pictures: ui.element | None = None
            self._words = ui.label().classes('turn__text').props('data-testid=turn-text dir=auto')
            self._dots: ui.element | None = None
            self._note: ui.label | None = None
        self.show(turn)

    def show(self, turn: Turn) -> None:
        speaker, status = turn.speaker.value, turn.status.value
        if (self._props.get('data-speaker'), self._props.get('data-status')) != (speaker, status):
            self._props['data-speaker'], self._props['data-status'] = speaker, status
            self.classes(replace=f'turn turn--{speaker} turn--{status}')
            self.update()
        self._speaker.text = NAMES[turn.speaker]
        self._show_pictures(turn)
        self._words.text = _text(turn)
        self._show_dots(turn)
        self._show_note(_note(turn))

    def _show_pictures(self, turn: Turn) -> None:
        if not turn.images or self._pictures is not None:
            return
        with self, ui.element().classes('turn__pictures') as self._pictures:
            for number, url in enumerate(turn.images, start=1):
                picture = ui.element('img').classes('turn__picture')
                picture.props['src'], picture.props['alt'] = url, f'Picture {number} of {len(turn.images)}'
        self._pictures.move(self, 1)  # below the name

    def _show_dots(self, turn: Turn) -> None:
        waiting = turn.status is Status.OPEN and not turn.text.strip() and turn.speaker in WAITING
        if waiting and self._dots is None:
            with self:
                self._dots = ui.element().classes('turn__dots').props('role=img')
                self._dots.props['aria-label'] = WAITING[turn.speaker]
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


def _text(turn: Turn) -> str:
    """The words to show; in brackets, what stands in for words that there are not."""
    if text := turn.text.strip():
        return text
    if turn.status is Status.OPEN or turn.images:
        return ''
    return '(spoken)' if turn.spoken else '(no words)'


def _announcement(turn: Turn) -> str:
    pictures = ['a picture' if len(turn.images) == 1 else f'{len(turn.images)} pictures'] if turn.images else []
    return ', '.join(filter(None, [*pictures, _text(turn)]))


def _note(turn: Turn) -> str:
    """What became of a turn that did not go well, in words."""
    if turn.status is Status.INTERRUPTED:
        return REASONS.get(turn.reason or '', 'interrupted')
    if turn.status is Status.FAILED:
        what = 'not written down' if turn.speaker is Speaker.USER else 'failed'
        return f'{what}: {turn.reason}' if turn.reason else what
    return ''
