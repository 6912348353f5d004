"""The chat: a transcript as bubbles."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from nicegui import ui

from components.words.language import Text
from components.words.page import language

from .bubble import Bubble, announcement, is_over
from .divider import Break, Divider, break_before
from .follow_end import FollowEnd
from .transcript.transcript import Transcript
from .transcript.turn import Status, Turn

SHOWN_AT_FIRST = 40
"""Turns at the end of a conversation that are rendered when it opens."""
SHOWN_MORE = 30
"""Turns that are added when the reader comes near an end of those that are shown. More of them make scrolling jerk."""
MOST_SHOWN = 120
"""Turns that are rendered at a time: a browser with 1,000 bubbles spends twice the time on each update."""
RECENT_TURNS = 20  # a turn that ends later, behind more turns than these, is not announced
ANNOUNCED_TURNS = 3  # sentences kept in the live region: enough for slow readers


class Window:
    """The part of a conversation that is rendered: its end, unless the reader has gone far back."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._last: int | None = None  # None: the end, which grows

    def of(self, count: int) -> range:
        """Return the indices of the turns to render, of so many."""
        last = count if self._last is None else min(self._last, count)
        first = last - SHOWN_AT_FIRST if self._first is None else self._first
        self._first = max(0, first, last - MOST_SHOWN)
        return range(self._first, last)

    def earlier(self, count: int) -> None:
        """Go back."""
        shown = self.of(count)
        self._first = max(0, shown.start - SHOWN_MORE)
        if shown.stop - self._first > MOST_SHOWN:
            self._last = self._first + MOST_SHOWN

    def later(self, count: int) -> None:
        """Go forward."""
        if self._last is not None:
            self._last += SHOWN_MORE
            self._last = None if self._last >= count else self._last

    def around(self, index: int, count: int) -> None:
        """Go to one turn."""
        self._first = max(0, min(index - SHOWN_AT_FIRST // 2, count - SHOWN_AT_FIRST))
        last = self._first + SHOWN_AT_FIRST
        self._last = None if last >= count else last

    def end(self, count: int) -> None:
        """Go to the end."""
        if self._last is not None:
            self._first = self._last = None


class Chat(ui.element, default_classes='chat'):
    """Shows a transcript as bubbles that grow as their words are spoken.

    Screen readers announce each turn once, when it is done and its sound has ended.
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
        self.props['data-testid'] = 'chat'
        self._rows: dict[str, ui.element] = {}
        self._announced: set[str] = set()
        self._say = text or language().text
        self._is_kept, self._can_copy = is_kept, can_copy
        self._transcript = Transcript()
        self._window = Window()
        with self:
            self._view = FollowEnd(
                label=self._say('chat.label'),
                button=self._say('chat.to_end'),
                on_near_start=lambda: self._move(self._window.earlier),
                on_near_end=lambda: self._move(self._window.later),
                on_end=lambda: self._move(self._window.end),
            )
            with self._view:
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
        self._transcript = transcript
        turns = transcript.turns
        shown = self._window.of(len(turns))
        self._render(turns, shown, changed)
        recent = [self._as_kept(turn) for turn in turns[-RECENT_TURNS:]]
        self._announce(turn for turn in recent if changed is not None and turn.item_id in changed)
        self._announced = {turn.item_id for turn in recent if is_over(turn) or turn.item_id in self._announced}
        self._empty.set_visibility(not turns)
        self._view.at_rest = not turns

    def seek(self, item_id: str) -> bool:
        """Show the part of the conversation around a turn, with that turn in the middle. Returns False without it."""
        turns = self._transcript.turns
        index = next((index for index, turn in enumerate(turns) if turn.item_id == item_id), None)
        if index is None:
            return False
        self._window.around(index, len(turns))
        self._render(turns, self._window.of(len(turns)), ())
        self._view.seek(item_id)
        return True

    def _move(self, move: Callable[[int], None]) -> None:
        """Show another part of the conversation."""
        turns = self._transcript.turns
        move(len(turns))
        self._render(turns, self._window.of(len(turns)), ())

    def _render(self, turns: Sequence[Turn], shown: range, changed: Collection[str] | None) -> None:
        self._view.show_part(shown, len(turns))
        rows: dict[str, Turn | Break] = {}
        for index in shown:
            turn = turns[index]
            if before := break_before(turn, turns[index - 1] if index else None, self._transcript.calls):
                rows[f'before {turn.item_id}'] = before
            rows[turn.item_id] = self._as_kept(turn)
        for key in self._rows.keys() - rows.keys():
            self._rows.pop(key).delete()
        for place, (key, content) in enumerate(rows.items()):
            row = self._rows.get(key)
            if row is None:
                with self._list:
                    row = self._rows[key] = self._row(content)
            elif isinstance(row, Bubble) and isinstance(content, Turn) and (changed is None or key in changed):
                row.show(content)
            if self._list.default_slot.children[place] is not row:
                row.move(self._list, place)
            if isinstance(row, Bubble):
                row.is_tab_stop = place == len(rows) - 1

    def _row(self, content: Turn | Break) -> ui.element:
        return (
            Bubble(content, self._say, can_copy=self._can_copy)
            if isinstance(content, Turn)
            else Divider(content, self._say)
        )

    def _as_kept(self, turn: Turn) -> Turn:
        """Return a turn that looks finished only if it is stored."""
        if turn.status is Status.OPEN or self._is_kept(turn):
            return turn
        return replace(turn, status=Status.OPEN)

    def _announce(self, changed: Iterable[Turn]) -> None:
        with self._news:
            for turn in changed:
                if is_over(turn) and turn.item_id not in self._announced:
                    name = self._say(f'chat.names.{turn.speaker}')
                    ui.label(self._say('chat.announcement', name=name, words=announcement(turn, self._say)))
        for old in self._news.default_slot.children[:-ANNOUNCED_TURNS]:
            old.delete()
