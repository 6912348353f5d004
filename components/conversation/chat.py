"""The chat: a transcript as bubbles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from nicegui import ui

from components.call.items import Speaker
from components.widgets.browser_half import tell_browser
from components.widgets.clipboard.copy_button import CLIPBOARD, COPY_BUTTON
from components.words.language import Text
from components.words.page import language

from .rows.divider import DividerRow, break_before, divider_row
from .rows.turn_row import TurnRow, announcement, is_over, turn_row
from .transcript.transcript import Transcript
from .transcript.turn import Status, Turn
from .window import Window

READER = Path(__file__).parent / 'chat' / 'reader.js'
"""The module of the browser that notices when the reader scrolls."""
PLAYABLE_TURNS = Path(__file__).parent / 'chat' / 'playable_turns.js'
"""The module of the browser that knows which turns can be played: the times of these are buttons."""

RECENT_TURNS = 20  # a turn that ends later, behind more turns than these, is not announced
ANNOUNCED_TURNS = 3  # sentences kept in the live region: enough for slow readers

Row = TurnRow | DividerRow


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a conversation that is rendered: its first turn, and whether there are more above and below it."""

    first: int = 0
    above: bool = False
    below: bool = False


@dataclass(slots=True)
class Shown:
    """The rows that a chat shows, and what surrounds them.

    This is a dataclass, and not a dict, so that NiceGUI does not watch it: changes go to the browser as messages.
    """

    version: int = 0
    """Grows with every change, so that the browser knows which messages it has to apply."""
    rows: dict[str, Row] = field(default_factory=dict)
    """By their keys."""
    order: list[str] = field(default_factory=list)
    """The keys from top to bottom."""
    part: Part = Part()
    news: list[str] = field(default_factory=list)
    """The latest announcements for screen readers."""
    again: str = ''
    """The item id of the answer that can be asked for again: the latest turn, if that is one and is over."""
    sought: str = ''
    """The item id of the turn that the reader was led to last."""


class Chat(
    ui.element,
    component='chat.js',
    dependencies=['chat/*.js', 'local_time.js', CLIPBOARD, COPY_BUTTON],
    default_classes='chat',
):
    """Shows a transcript as bubbles that grow as their words are spoken.

    Screen readers announce each turn once, when it is done and its sound has ended.

    The browser half gets what changed as messages. An update of NiceGUI's would render the whole page again, and repeat
    all of a turn's text for each of its words.
    """

    def __init__(
        self,
        *,
        empty: Callable[[], object] | None = None,
        text: Text | None = None,
        is_kept: Callable[[Turn], bool] = lambda turn: True,
        can_copy: bool = True,
    ) -> None:
        """Create a chat without turns.

        :param empty: builds what is shown while there is no turn
        :param text: gives the texts around the words; by default those in the page's language
        :param is_kept: tells whether a turn that has ended is stored; until then it looks unfinished
        :param can_copy: whether each turn has a button that copies it
        """
        super().__init__()
        self.shown = Shown()
        """The rows that the browser renders, or will once it is connected."""
        self._announced: set[str] = set()
        self._unfolded: set[str] = set()  # the very long turns that are shown whole
        self._say = text or language().text
        self._is_kept = is_kept
        self._transcript = Transcript()
        self._ids: Sequence[str] = ()
        self._rendered = range(0)
        self._window = Window()
        self._is_ready = False
        self.props['texts'] = {
            'label': self._say('chat.label'),
            'to_end': self._say('chat.to_end'),
            'play': self._say('chat.play'),
            'not_heard': self._say('chat.not_heard'),
            'enlarge': self._say('chat.enlarge'),
            'close': self._say('chat.close'),
            'again': self._say('chat.again'),
            'edit': self._say('chat.edit'),
            'edited': self._say('chat.edited'),
            'send': self._say('message_box.send'),
            'unsent': self._say('message_box.unsent'),
            'cancel': self._say('chat.cancel'),
            'code': self._say('copying.code'),
            **{name: self._say(f'copying.{name}') for name in ('turn', 'copied', 'not_copied')},
        }
        self.props['can-copy'] = can_copy
        self.props['shown'] = self.shown
        self.on('unfold', lambda event: self._unfold(str(event.args)))
        self.on('ready', lambda event: self._begin_sending(event.args))
        self.on('near-start', lambda: self._move(self._window.earlier), [])
        self.on('near-end', lambda: self._move(self._window.later), [])
        self.on('end', lambda: self._move(self._window.end), [])
        if empty:
            with self:
                empty()

    def show(self, transcript: Transcript, changed: Collection[str] | None = None) -> None:
        """Update the bubbles.

        :param changed: the item ids that `Transcript.apply` returned since the last time. Without them all turns are
          updated and none is announced, as for a transcript of an earlier call.
        """
        self._transcript = transcript
        message = self._render(changed)
        over = self._newly_over(changed)
        self._announced |= {turn.item_id for turn in over}
        if over and changed is not None:
            message['news'] = news = [announcement(turn, self._say) for turn in over]
            self.shown.news = [*self.shown.news, *news][-ANNOUNCED_TURNS:]
        self._send(message)

    def offer_revision(self, call: ui.element, on_revise: Callable[[str, str | None], object]) -> None:
        """Let the user ask again for the latest answer, and edit what they wrote.

        Call this while the page is built.

        :param call: the element that places a call if there is none; its browser half has `ready()`
        :param on_revise: called with an item id when the call is live, and with the new text, or with None to ask again
        """
        self.props['call'] = call.id
        self.on('revise', lambda event: on_revise(event.args['id'], event.args['text']))

    def seek(self, item_id: str) -> bool:
        """Show the part of the conversation around a turn, with that turn in the middle. Returns False without it."""
        ids = self._transcript.ids
        if item_id not in ids:
            return False
        self._window.around(ids.index(item_id), len(ids))
        self.shown.sought = item_id
        self._send({**self._render(()), 'sought': item_id})
        return True

    def _begin_sending(self, version: int) -> None:
        """Bring the browser up to date, which has rendered this version."""
        self._is_ready = True
        if version != self.shown.version:
            everything = {field.name: getattr(self.shown, field.name) for field in fields(self.shown)}
            tell_browser(self, 'apply', {**everything, 'news': [], 'sought': ''})

    def _send(self, message: dict[str, Any]) -> None:
        """Tell the browser what changed, if anything did."""
        if message:
            self.shown.version += 1
            if self._is_ready:
                tell_browser(self, 'apply', {**message, 'version': self.shown.version})

    def _move(self, move: Callable[[int], None]) -> None:
        """Show another part of the conversation."""
        move(len(self._transcript.ids))
        self._send(self._render(()))

    def _render(self, changed: Collection[str] | None) -> dict[str, Any]:
        """Bring the rows up to date, and return what the browser must know of it.

        A word that is added to a turn costs nothing that grows with the number of turns.
        """
        transcript, shown = self._transcript, self.shown
        ids, window = transcript.ids, self._window.of(len(transcript.ids))
        message: dict[str, Any] = {}
        updates: dict[str, object] = {}
        for key in list(shown.rows) if changed is None else changed:
            old, turn = shown.rows.get(key), transcript.turn(key)
            if isinstance(old, TurnRow) and turn is not None:
                shown.rows[key] = row = self._row(turn)
                if row != old:
                    updates[key] = _difference(old, row)
        if changed is None or ids is not self._ids or window != self._rendered:
            self._ids, self._rendered = ids, window
            rows = self._rows(window)
            updates |= {key: row for key, row in rows.items() if key not in shown.rows}
            shown.rows = rows
            if list(rows) != shown.order:
                shown.order = message['order'] = list(rows)
            part = Part(window.start, above=window.start > 0, below=window.stop < len(ids))
            if part != shown.part:
                shown.part = message['part'] = part
        if updates:
            message['rows'] = updates
        if (again := self._again()) != shown.again:
            shown.again = message['again'] = again
        return message

    def _again(self) -> str:
        """The answer that can be asked for again."""
        latest = self._transcript.turn(self._ids[-1]) if self._ids else None
        is_answer = latest and latest.speaker is Speaker.ASSISTANT and is_over(latest)
        return latest.item_id if latest and is_answer else ''

    def _rows(self, window: range) -> dict[str, Row]:
        """The rows of some turns, with the breaks between them; those that stand already are kept."""
        rows: dict[str, Row] = {}
        turns = [turn for index in window if (turn := self._transcript.turn(self._ids[index]))]
        previous = self._transcript.turn(self._ids[window.start - 1]) if window.start else None
        for turn in turns:
            if before := break_before(turn, previous, self._transcript.calls):
                key = f'before {turn.item_id}'
                rows[key] = self.shown.rows.get(key) or divider_row(before, self._say)
            known = self.shown.rows.get(turn.item_id)
            rows[turn.item_id] = known or self._row(turn)
            previous = turn
        return rows

    def _row(self, turn: Turn) -> TurnRow:
        return turn_row(self._as_kept(turn), self._say, is_unfolded=turn.item_id in self._unfolded)

    def _unfold(self, item_id: str) -> None:
        """Show all of a very long turn."""
        if item_id in self._transcript.ids:
            self._unfolded.add(item_id)
            self._send(self._render({item_id}))

    def _as_kept(self, turn: Turn) -> Turn:
        """Return a turn that looks finished only if it is stored."""
        if turn.status is Status.OPEN or self._is_kept(turn):
            return turn
        return replace(turn, status=Status.OPEN)

    def _newly_over(self, changed: Collection[str] | None) -> list[Turn]:
        """Return the turns that have ended by now, of the latest and of those that changed, in their order."""
        ids = [id for id in self._ids[-RECENT_TURNS:] if changed is None or id in changed]
        turns = (self._transcript.turn(id) for id in ids if id not in self._announced)
        return [turn for turn in turns if turn and is_over(self._as_kept(turn))]


def _difference(old: TurnRow, new: TurnRow) -> dict[str, object]:
    """Return the fields that differ, and of words that grew only what was added, as `more`."""
    difference = {name: value for name in _FIELDS if (value := getattr(new, name)) != getattr(old, name)}
    if 'said' in difference and new.said.startswith(old.said):
        del difference['said']
        difference['more'] = new.said[len(old.said) :]
    return difference


_FIELDS = [field.name for field in fields(TurnRow)]
