"""Keeps the conversation of one page while it goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence

from components.conversation import effects
from components.conversation.director import Director
from components.conversation.transcript.call_mark import Begun, CallMark
from components.conversation.transcript.transcript import Transcript
from components.conversation.transcript.turn import Turn
from components.providers.text_writer import TextWriter
from components.settings.settings import Settings

from .entries import CallEntry, StoredConversation
from .history import History
from .journal import Stored
from .summariser import Summariser


class Notebook:
    """The conversation of one page. It follows the page's director and keeps what happens.

    Args:
        history: Where it is kept.
        owner: Whose conversation it is.
        id: Identifies the conversation.
        stored: The part that was kept so far.
    """

    def __init__(self, history: History, owner: str, id: str, stored: StoredConversation | None = None) -> None:
        self.owner, self.id = owner, id
        self.transcript = _restored(stored) if stored else Transcript()
        self._history = history
        self._journal = history.journal(owner, id, stored, self._note)
        self._placed: Sequence[str] | None = None  # the turns whose places the journal knows
        self._kept = {turn.item_id for turn in self.transcript.turns}
        self._on_kept: Callable[[Collection[str]], object] = lambda ids: None
        self._on_deleted: Callable[[], object] = lambda: None
        self._unsubscribe: Callable[[], object] = lambda: None
        self.is_open: Callable[[], bool] = lambda: False
        """Tells whether its page is open in a browser."""

    @property
    def off_the_record(self) -> bool:
        """Whether nothing is kept for the moment."""
        return self._journal.off_the_record

    @off_the_record.setter
    def off_the_record(self, off: bool) -> None:
        self._journal.off_the_record = off

    def is_kept(self, turn: Turn) -> bool:
        """Tell whether a turn that has ended is stored, or that it is not is said above the conversation."""
        is_unkept = self._journal.off_the_record or self._journal.is_deleted or self._history.problem is not None
        return is_unkept or turn.item_id in self._kept

    def follow(
        self,
        director: Director,
        on_kept: Callable[[Collection[str]], object],
        on_deleted: Callable[[], object] = lambda: None,
        *,
        text_writer: Callable[[Settings], TextWriter | None] | None = None,
    ) -> None:
        """Keep what happens on a page from now on.

        :param director: the director of the page
        :param on_kept: called with the ids of turns after they were stored
        :param on_deleted: called when it turns out that the conversation was deleted for good meanwhile
        :param text_writer: finds the text model that summarises the older part of a long conversation
        """
        self._on_kept, self._on_deleted = on_kept, on_deleted
        if text_writer:
            Summariser(self._history, self._journal, director, text_writer)
        director.on(effects.CallConnected, lambda effect: self._begin_call(director, effect))
        director.on(effects.CallEnded, self._end_call)
        director.on(effects.TurnsChanged, lambda effect: self._keep(effect.item_ids))
        director.on(effects.EventsReported, self._count)
        self._unsubscribe = self._history.on_problem(self._show_waiting)

    def close(self) -> None:
        """Let the page go. Its reports are still stored."""
        self._on_kept, self._on_deleted = lambda ids: None, lambda: None
        self._unsubscribe()
        self.is_open = lambda: False

    def _begin_call(self, director: Director, effect: effects.CallConnected) -> None:
        settings = director.settings
        mark = effect.mark
        if mark.begun in {Begun.RECONNECTED, Begun.RENEWED}:
            self._journal.call_ended(effect.number - 1, effect.at, mark.begun)
        self._journal.describe(persona=settings.persona.name)
        self._journal.call_began(
            CallEntry(
                number=effect.number,
                started_at=effect.at,
                begun=mark.begun,
                provider=settings.provider,
                model=settings.model,
                voice=settings.voice,
                settings=json.dumps(director.session, ensure_ascii=False),
                transport=effect.transport,
                older_told=mark.older_told,
                older_summary=mark.older_summary,
            )
        )

    def _end_call(self, effect: effects.CallEnded) -> None:
        self._journal.call_ended(effect.number, effect.at, effect.failure.code if effect.failure else 'hung_up')

    def _keep(self, item_ids: Collection[str]) -> None:
        if not item_ids:
            return
        ids = self.transcript.ids
        changed = [turn for item_id in item_ids if (turn := self.transcript.turn(item_id))]
        if ids is not self._placed or not self._journal.update(changed):
            self._placed = ids
            self._journal.keep(self.transcript.turns, item_ids)

    def _count(self, effect: effects.EventsReported) -> None:
        """Add up the tokens that the service counted."""
        for record in effect.records:
            if record.direction == 'received' and record.json.get('type') == 'response.done':
                response = record.json.get('response')
                usage = response.get('usage') if isinstance(response, dict) else None
                if isinstance(usage, dict):
                    counts = {kind: count for kind, count in usage.items() if type(count) is int}
                    self._journal.used(self.transcript.call, counts)

    def _show_waiting(self) -> None:
        """Show turns that are not stored as finished while a note says why, or no longer."""
        self._on_kept({turn.item_id for turn in self.transcript.turns} - self._kept)

    def _note(self, stored: Stored) -> None:
        if stored.is_deleted:
            self._on_deleted()
            self._show_waiting()
        else:
            self._kept |= stored.finished
            self._on_kept(stored.finished)


def _restored(stored: StoredConversation) -> Transcript:
    calls = {
        call.number: CallMark(call.begun, call.started_at, call.older_told, call.older_summary) for call in stored.calls
    }
    transcript = Transcript(stored.turns, calls)
    transcript.summary = stored.summary
    return transcript
