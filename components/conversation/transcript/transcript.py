"""The transcript: server events in, ordered turns out. Pure: knows neither a page nor a network."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from components.call.server_events import ServerEvent

from . import answers, items, speech
from .call_mark import CallMark
from .conversation import Conversation, Handlers, Ignored
from .pace import Pace
from .seeds import Seeds, seeds
from .summary import Summary
from .turn import Status, Turn

HANDLERS: Handlers = {**speech.HANDLERS, **items.HANDLERS, **answers.HANDLERS}

REMEMBERED_EVENTS = 4096
"""Events that are recognised when they come again: that follows a lost connection within seconds, and a busy second
has about a hundred events."""


@dataclass(frozen=True)
class Removal:
    """Turns that were removed."""

    turns: Sequence[str] = ()
    """Their item ids."""
    items: list[str] = field(default_factory=list)
    """The items of the latest call that tell the service of them."""


class Transcript:
    """The ordered turns of a conversation.

    Takes server events in any order that the protocol allows. An event that is late, repeated or about nothing known
    changes nothing and raises nothing.
    """

    def __init__(self, turns: Iterable[Turn] = (), calls: Mapping[int, CallMark] | None = None) -> None:
        """Start with the turns and calls of a conversation that was kept, or without any."""
        self._conversation = Conversation()
        self.calls = dict(calls or {})
        """The beginnings of the calls, by their numbers."""
        self.summary: Summary | None = None
        """A summary of its beginning, if a text model has made one."""
        self._conversation.call = max(self.calls, default=0)
        self._turns: dict[str, Turn] = {}
        for turn in turns:
            self._conversation.restore(turn)
            self._turns[turn.item_id] = turn
        self._ids: list[str] = []
        self._version = 0  # grows when a turn comes or vanishes
        self._ids_version = (0, -1)
        self._event_ids: dict[str, None] = {}  # oldest first
        self._seeds = Seeds()  # the latest

    @property
    def turns(self) -> list[Turn]:
        """All turns in the order of the conversation. Speech that is still being heard stands at the end."""
        return [self._turns[item_id] for item_id in self.ids]

    @property
    def ids(self) -> Sequence[str]:
        """The item ids of all turns, in order. It is the same list until a turn comes, moves or vanishes."""
        version = (self._version, self._conversation.order.version)
        if version != self._ids_version:
            self._ids_version = version
            self._ids = [item_id for item_id in self._conversation.ids() if item_id in self._turns]
        return self._ids

    def turn(self, item_id: str) -> Turn | None:
        """Return the turn of an item, None if it is no turn."""
        return self._turns.get(item_id)

    @property
    def call(self) -> int:
        """The number of the latest call, counted from 1; 0 before the first."""
        return self._conversation.call

    @property
    def pace(self) -> Pace:
        """The speed of the running call's voice, as measured so far."""
        return self._conversation.pace

    @property
    def persona(self) -> str:
        """The name of the persona that gives new answers; it may change at any time."""
        return self._conversation.persona

    @persona.setter
    def persona(self, name: str) -> None:
        self._conversation.persona = name

    def apply(self, event: ServerEvent | None, at: float | None = None) -> set[str]:
        """Apply one event.

        Returns the item ids of the turns that came, changed, moved or vanished.

        :param event: None stands for an event that was malformed or unknown
        :param at: time of the event in seconds, on any clock that the caller keeps to; it becomes the turns' times
        """
        handle = HANDLERS.get(type(event))
        if event is None or handle is None or event.id in self._event_ids:
            return set()
        version = self._conversation.order.version
        self._conversation.now = at
        try:
            touched = set(handle(self._conversation, event))
        except Ignored:
            return set()
        if event.id:
            self._remember(event.id)
        moved = self._conversation.order.version != version
        changed = {item_id for item_id in touched if self._refresh(item_id, at) or (moved and item_id in self._turns)}
        return changed or (set(self._turns) if moved else set())  # an item that is no turn may still move others

    def add_late(self, events: Iterable[tuple[float, ServerEvent]], except_ids: Collection[str]) -> set[str]:
        """Add the turns of a call that has ended, of which some are known, at least in part.

        Returns the item ids of the turns that came, changed or vanished.

        :param events: the call's last events with their times
        :param except_ids: items of the call that are copies of turns
        """
        late = Transcript()
        late.persona = self._last_persona
        for at, event in events:
            late.apply(event, at)
        late.end_call(None)
        changed = set()
        for turn in late.turns:
            known = self._turns.get(turn.item_id)
            if turn.item_id in except_ids or (known and not _knows_more(turn, known)):
                continue
            call = known.call if known else self.call
            persona = known.persona if known else turn.persona
            self._turns[turn.item_id] = whole = replace(turn, call=call, persona=persona)
            self._conversation.restore(whole)
            changed.add(turn.item_id)
        silences = {id for id in late._conversation.dropped if id in self._turns and not self._turns[id].text}
        for item_id in silences:
            self._conversation.hide(item_id)
            del self._turns[item_id]
        self._version += 1
        return changed | silences

    def remove_from(self, item_id: str) -> Removal:
        """Remove a turn, with the whole answer that it belongs to, and all turns behind it."""
        ids, turn = list(self.ids), self.turn(item_id)
        if turn is None:
            return Removal()
        first = ids.index(item_id)
        while turn.response_id and first and self._turns[ids[first - 1]].response_id == turn.response_id:
            first -= 1
        copies = {original: copy for copy, original in self._conversation.seeded.items()}
        removal = Removal(ids[first:])
        for id in removal.turns:
            removed = self._turns.pop(id)
            self._conversation.hide(id)
            is_item = removed.call == self.call and id != removed.response_id  # an answer without words is no item
            if item := id if is_item else copies.get(id):
                removal.items.append(item)
        self._version += 1
        return removal

    def begin_call(self, mark: CallMark) -> None:
        """Let new turns belong to the next call."""
        self._conversation.call += 1
        self.calls[self.call] = mark

    def end_call(self, at: float | None = None) -> set[str]:
        """Close what is open: the call is over, so no more events come. An answer that still sounded is cut off.

        Returns the item ids of the turns that changed or vanished. The next call's events continue from here.
        """
        return {item_id for item_id in self._conversation.end_call(at) if self._refresh(item_id, at)}

    def seeds(self) -> list[dict[str, Any]]:
        """Return the client events that tell a new call this conversation, see `note_seeds`."""
        self._seeds = seeds(self.turns, self.summary)
        return self._seeds.events

    def note_seeds(self, mark: CallMark) -> CallMark:
        """Note that the latest call was told the latest seeds, whose items are no new turns. Returns its mark.

        :param mark: stands in for that of a call whose beginning was not reported
        """
        told = self._seeds
        self._conversation.seeded = told.copies.copy()
        self._conversation.told_until = dict.fromkeys(list(told.copies)[-1:], told.until)
        for event in told.events:
            if event['item']['id'] not in told.copies:
                self._conversation.hide(event['item']['id'])  # extracts are no turn
        begun = self.calls.get(self.call, mark)
        mark = replace(begun, older_told=told.older_told, older_summary=told.older_summary)
        self.calls[self.call] = mark
        return mark

    @property
    def _last_persona(self) -> str:
        """The name of the persona that gave the latest answer."""
        return next((turn.persona for turn in reversed(self.turns) if turn.persona), self.persona)

    def _refresh(self, item_id: str, at: float | None) -> bool:
        """Rebuild the turn, and return whether it has changed."""
        before = self._turns.pop(item_id, None)
        draft = self._conversation.drafts.get(item_id)
        is_turn = draft is not None and not draft.is_empty
        self._version += is_turn != (before is not None)
        if draft is None or not is_turn:
            return before is not None
        self._turns[item_id] = draft.turn(at, sounding=self._conversation.is_sounding(draft))
        return self._turns[item_id] != before

    def _remember(self, event_id: str) -> None:
        self._event_ids[event_id] = None
        if len(self._event_ids) > REMEMBERED_EVENTS:
            del self._event_ids[next(iter(self._event_ids))]


def _knows_more(turn: Turn, known: Turn) -> bool:
    """Tell whether a turn that came late knows more of the same item: how it was completed, or further words.

    It may lack the beginning, if the page had delivered that.
    """
    is_whole = turn.status is Status.DONE and known.reason == 'call_ended'
    return is_whole or (turn.text.startswith(known.text) and len(turn.text) > len(known.text))
