"""Decides what happens when a call reports something. Pure: knows neither a page nor a network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from components.call.reports import CallState, EventRecord, FailureReport, RungReport, StateReport
from components.call.server_events import ErrorOccurred, ResponseDone, ServerEvent, ServiceError
from components.settings.agreement import Agreement
from components.settings.session import Session, greeting
from components.settings.settings import Settings

from .transcript.pace import Pace
from .transcript.transcript import Transcript


class Effect:
    """Something that must happen because of a report."""


@dataclass(frozen=True)
class CallStateChanged(Effect):
    """The call entered a state. More specific effects follow this one."""

    state: CallState

    @property
    def is_live(self) -> bool:
        """Whether both sides can talk now."""
        return self.state is CallState.LIVE

    @property
    def is_running(self) -> bool:
        """Whether a call is live or being placed."""
        return self.state in {CallState.PREPARING, CallState.CONNECTING, CallState.LIVE}


@dataclass(frozen=True)
class CallStarted(Effect):
    """The user placed a call, which is not connected yet."""


@dataclass(frozen=True)
class CallConnected(Effect):
    """The call is live."""


@dataclass(frozen=True)
class CallEnded(Effect):
    """The call ended; `failure` says why, unless somebody hung up."""

    failure: FailureReport | None = None


@dataclass(frozen=True)
class PlaceCall(Effect):
    """Place a new call, ending the current one."""


@dataclass(frozen=True)
class PrepareTicket(Effect):
    """Fetch a ticket now, so that the next call need not wait for it."""

    settings: Settings


@dataclass(frozen=True)
class SendEvent(Effect):
    """Send this client event to the service."""

    event: dict[str, Any]


@dataclass(frozen=True)
class Greet(Effect):
    """Let the AI speak first by this `response.create`, unless the user already speaks."""

    event: dict[str, object]


@dataclass(frozen=True)
class RungChanged(Effect):
    """A step of connecting was reached, passed or failed."""

    report: RungReport


@dataclass(frozen=True)
class EventsReported(Effect):
    """The call sent or received these protocol events."""

    records: Sequence[EventRecord]


@dataclass(frozen=True)
class TurnsChanged(Effect):
    """These turns of the transcript came, changed, moved or vanished."""

    item_ids: Collection[str]


@dataclass(frozen=True)
class PaceChanged(Effect):
    """The speaking rate of the AI's voice is known better now."""

    pace: Pace


@dataclass(frozen=True)
class ErrorReported(Effect):
    """The service reported an error that does not end the call."""

    error: ServiceError


@dataclass(frozen=True)
class SettingsChanged(Effect):
    """These settings apply from now on; keep them."""

    settings: Settings


@dataclass(frozen=True)
class SettingsRefused(Effect):
    """The service refused a change, so these settings apply again. `reason` is the service's own text."""

    settings: Settings
    reason: str


@dataclass(frozen=True)
class NewCallOffered(Effect):
    """Offer a new call, because only a new call can apply these fields of the settings. Without fields, offer none."""

    fields: Collection[str]


E = TypeVar('E', bound=Effect)


class Director:
    """Decides what happens when a call changes its state, reports events, or gets other settings. One per page.

    Reports go in through the methods. Effects come out to all handlers that asked for their type, in the order in
    which the handlers were added::

        director.on(CallConnected, lambda effect: timer.start())
    """

    def __init__(self, settings: Settings, session: Callable[[Settings], Session]) -> None:
        """Start without a call.

        :param settings: the settings of the next call
        :param session: makes the Realtime API's session object of settings
        """
        self.settings = settings
        self.transcript = Transcript()
        self.state = CallState.IDLE
        self._session = session
        self._agreement = Agreement(settings, session)
        self._continues = False  # whether the next call is seeded with the conversation
        self._pace = self.transcript.pace
        self._handlers: list[tuple[type[Effect], Callable[[Any], object]]] = []

    def on(self, kind: type[E], handler: Callable[[E], object]) -> None:
        """Call this handler with every effect of one type."""
        self._handlers.append((kind, handler))

    def begin(self) -> Settings:
        """Take note that a call is placed now, and return the settings that it begins with."""
        self._agreement = Agreement(self.settings, self._session)
        return self.settings

    def change_settings(self, settings: Settings) -> None:
        """Apply settings that the user changed, as far as a running call can."""
        self._keep(settings)
        if self._is_running:
            self._agree()
            self._emit(NewCallOffered(self._agreement.waiting(settings)))
        else:
            self._emit(PrepareTicket(settings))

    def prepare(self) -> None:
        """Get ready for a call that seems close."""
        self._emit(PrepareTicket(self.settings))

    def continue_in_new_call(self) -> None:
        """Place a new call that continues the conversation."""
        self._continues = True
        self._emit(PlaceCall())

    def report_state(self, report: StateReport) -> None:
        """Act on a new state of the call."""
        self.state = report.state
        self._emit(CallStateChanged(report.state))
        if report.state is CallState.PREPARING:
            self._emit(CallStarted())
        elif report.state is CallState.LIVE:
            self._emit(CallConnected())
            self._open_conversation()
            self._agree()  # on changes made while connecting
        elif report.state is CallState.ENDED:
            self._emit(CallEnded(report.failure), NewCallOffered(()), TurnsChanged(self.transcript.end_call()))
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
                changed |= self.transcript.apply(record.event, at=record.at_ms / 1000)
                self._check(record.event)
        self._emit(TurnsChanged(changed))
        if self.transcript.pace != self._pace:
            self._pace = self.transcript.pace
            self._emit(PaceChanged(self._pace))

    @property
    def _is_running(self) -> bool:
        return CallStateChanged(self.state).is_running

    def _open_conversation(self) -> None:
        """Tell a new call what was said before, or let the AI greet."""
        if self._continues:
            self._continues = False
            self._emit(*(SendEvent(event) for event in self.transcript.seeds()))
        elif self.settings.greets:
            self._emit(Greet(greeting(self.settings)))

    def _agree(self) -> None:
        """Send the settings that changed since the last update to the service."""
        if self.state is CallState.LIVE and (update := self._agreement.ask(self.settings)):
            self._emit(SendEvent(update))

    def _check(self, event: ServerEvent) -> None:
        """Take back what the service refused, and report its other errors."""
        if refused := self._agreement.hear(event):
            self._keep(refused.undone(self.settings))
            self._emit(SettingsRefused(self.settings, refused.reason))
            self._agree()  # on the other changes of the refused update
        elif isinstance(event, ErrorOccurred | ResponseDone) and event.error:
            self._emit(ErrorReported(event.error))

    def _keep(self, settings: Settings) -> None:
        self.settings = settings
        self._emit(SettingsChanged(settings))

    def _emit(self, *effects: Effect) -> None:
        for effect in effects:
            for kind, handler in self._handlers:
                if isinstance(effect, kind):
                    handler(effect)
