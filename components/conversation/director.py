"""Decides what happens when a call reports something. Pure: knows neither a page nor a network."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from components.call.reports import CallState, EventRecord, RungReport, StateReport, Undelivered
from components.call.server_events import ErrorOccurred, ResponseDone, ServerEvent, SessionChanged
from components.providers.ticket import CallTransport
from components.settings.agreement import Agreement
from components.settings.session import Session, greeting
from components.settings.settings import Settings

from .effects import (
    CallConnected,
    CallEnded,
    CallStarted,
    CallStateChanged,
    Effect,
    ErrorReported,
    EventsReported,
    Greet,
    LateTurnsAdded,
    NewCallOffered,
    PaceChanged,
    PlaceCall,
    PrepareTicket,
    RungChanged,
    SendEvent,
    SessionOpened,
    SettingsChanged,
    SettingsRefused,
    TurnsChanged,
    TurnsRevised,
)
from .transcript.call_mark import Begun, CallMark
from .transcript.transcript import Transcript

E = TypeVar('E', bound=Effect)


NOT_THERE = 'item_delete_invalid_item_id'
"""How a service refuses to delete an item that it does not have, such as an answer that failed."""


class Director:
    """Decides what happens when a call changes its state, reports events, or gets other settings. One per page.

    Reports go in through the methods. Effects come out to all handlers that asked for their type, in the order in
    which the handlers were added::

        director.on(CallConnected, lambda effect: timer.start())
    """

    def __init__(
        self,
        settings: Settings,
        session: Callable[[Settings], Session],
        *,
        transcript: Transcript | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Start without a call.

        :param settings: the settings of the next call
        :param session: makes the Realtime API's session object of settings
        :param transcript: the conversation that the next call continues, an empty one by default
        :param now: tells the time in Unix seconds
        """
        self.settings = settings
        self.transcript = transcript or Transcript()
        self.transcript.persona = settings.persona.name
        self.state = CallState.IDLE
        self._session = session
        self._agreement = Agreement(settings, session)
        self._transport: CallTransport = 'webrtc'  # of the latest ticket
        self._begun = Begun.CONTINUED if self.transcript.call else Begun.STARTED  # why the next call begins
        self._clock = _Clock(now)
        self._pace = self.transcript.pace
        self._handlers: list[tuple[type[Effect], Callable[[Any], object]]] = []
        self._handlers_of: dict[type[Effect], list[Callable[[Any], object]]] = {}  # those for effects of exactly a type

    def on(self, kind: type[E], handler: Callable[[E], object]) -> None:
        """Call this handler with every effect of one type."""
        self._handlers.append((kind, handler))
        self._handlers_of.clear()

    @property
    def session(self) -> Session:
        """The Realtime API's session object of the settings as they are now."""
        return self._session(self.settings)

    def begin(self, transport: CallTransport) -> Settings:
        """Take note that a call is placed now by this transport, and return the settings that it begins with."""
        self._transport = transport
        self.transcript.persona = self.settings.persona.name
        self._agreement = Agreement(self.settings, self._session)
        return self.settings

    def seeds(self) -> list[dict[str, Any]]:
        """Return the client events that tell the call what was said before; it sends them before all others."""
        return self.transcript.seeds()

    def change_settings(self, settings: Settings) -> None:
        """Apply settings that the user changed, as far as a running call can."""
        self._keep(settings)
        if self.is_running:
            self._agree()
            self._emit(NewCallOffered(self._agreement.waiting(settings)))
        else:
            self._emit(PrepareTicket(settings))

    def prepare(self) -> None:
        """Get ready for a call that seems close."""
        self._emit(PrepareTicket(self.settings))

    def continue_in_new_call(self) -> None:
        """Place a new call that continues the conversation with the settings as they are now."""
        self._begun = Begun.NEW_SETTINGS
        self._emit(PlaceCall())

    def report_state(self, report: StateReport) -> None:
        """Act on a new state of the call."""
        self.state = report.state
        self._emit(CallStateChanged(report.state))
        if report.state is CallState.PREPARING:
            self.transcript.begin_call(CallMark(self._begun, self._clock.now()))
            self._clock.compare_anew()
            self._emit(CallStarted())
        elif report.state is CallState.RECOVERING:
            lost_at = self._clock.time_at(report.at_ms)
            ended = self.transcript.end_call(lost_at)
            expired = report.failure is not None and report.failure.code == 'session_expired'
            self._begun = Begun.RENEWED if expired else Begun.RECONNECTED
            self.transcript.begin_call(CallMark(self._begun, lost_at))
            self._emit(TurnsChanged(ended))
        elif report.state is CallState.LIVE:
            self._clock.compare_anew()  # it may have been asleep while it was away
            now = self._clock.now()
            mark = self.transcript.note_seeds(CallMark(self._begun, now))
            self._emit(CallConnected(self.transcript.call, mark, now, self._transport))
            self._begun = Begun.CONTINUED
            if self.settings.greets and not self.transcript.turns:
                self._emit(Greet(greeting(self.settings)))
            self._agree()  # on changes made while connecting
        elif report.state is CallState.ENDED:
            ended_at = self._clock.time_at(report.at_ms)
            ended = self.transcript.end_call(ended_at)
            self._emit(CallEnded(report.failure, self.transcript.call, ended_at))
            self._emit(NewCallOffered(()), TurnsChanged(ended))
            if not report.failure:  # a provider that failed is asked again when the user wants to call, not before
                self.prepare()

    def report_rung(self, report: RungReport) -> None:
        """Act on the progress of connecting."""
        self._emit(RungChanged(report))

    def report_events(self, records: Sequence[EventRecord]) -> None:
        """Act on events that the call sent or received."""
        self._emit(EventsReported(records))
        changed: set[str] = set()
        for record in records:
            if record.event:
                changed |= self.transcript.apply(record.event, at=self._clock.time_at(record.at_ms))
                self._check(record.event)
        self._emit(TurnsChanged(changed))
        if self.transcript.pace != self._pace:
            self._pace = self.transcript.pace
            self._emit(PaceChanged(self._pace))

    def add_late(self, late: Undelivered) -> None:
        """Add what the page before this one had not delivered."""
        if late.events and not self.transcript.call:  # nothing of that call was stored
            self.transcript.begin_call(CallMark(Begun.STARTED, late.events[0][0]))
            self._begun = Begun.CONTINUED
        self._emit(TurnsChanged(self.transcript.add_late(late.events, late.seeded)), LateTurnsAdded())

    def revise(self, item_id: str, text: str | None) -> None:
        """Remove a turn with all that followed it, and say something else in a live call, or ask for another answer.

        :param item_id: the turn of the user, or of the answer
        :param text: what the user says instead, with the same pictures; None asks for another answer
        """
        turn = self.transcript.turn(item_id)
        if turn is None:
            return
        removal = self.transcript.remove_from(item_id)
        message = None if text is None else {'text': text, 'images': turn.images}
        self._emit(TurnsChanged(removal.turns), TurnsRevised(removal.items, message))

    @property
    def is_running(self) -> bool:
        """Whether a call is live or being placed."""
        return CallStateChanged(self.state).is_running

    def _agree(self) -> None:
        """Send the settings that changed since the last update to the service."""
        if self.state is CallState.LIVE and (update := self._agreement.ask(self.settings)):
            self._emit(SendEvent(update))

    def _check(self, event: ServerEvent) -> None:
        """Take back what the service refused, and report its other errors."""
        if isinstance(event, SessionChanged) and not event.updated:
            self._emit(SessionOpened(event.expires_at))
        if refused := self._agreement.hear(event):
            self._keep(refused.undone(self.settings))
            self._emit(SettingsRefused(self.settings, refused.reason, refused.code == 'message_too_long'))
            self._agree()  # on the other changes of the refused update
        elif isinstance(event, ErrorOccurred | ResponseDone) and event.error and event.error.code != NOT_THERE:
            self._emit(ErrorReported(event.error))

    def _keep(self, settings: Settings) -> None:
        self.settings = settings
        self.transcript.persona = settings.persona.name
        self._emit(SettingsChanged(settings))

    def _emit(self, *effects: Effect) -> None:
        for effect in effects:
            kind = type(effect)
            if kind not in self._handlers_of:
                self._handlers_of[kind] = [handler for asked, handler in self._handlers if issubclass(kind, asked)]
            for handler in self._handlers_of[kind]:
                handler(effect)


class _Clock:
    """Tells the times of events, which the browser reports on a clock of its own."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._offset: float | None = None  # seconds from the browser's clock to ours

    def compare_anew(self) -> None:
        """Forget how the clocks compare: a browser's clock stands still while its computer sleeps."""
        self._offset = None

    def time_at(self, at_ms: float | None) -> float:
        """Return a time of the browser's in Unix seconds; None is now.

        The report that travelled fastest compares the clocks.
        """
        if at_ms is None:
            return self.now()
        offset = self.now() - at_ms / 1000
        self._offset = offset if self._offset is None else min(offset, self._offset)
        return at_ms / 1000 + self._offset
