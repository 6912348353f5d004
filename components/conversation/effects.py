"""Effects, the consequences of a report: the director decides on them, and the widgets carry them out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from components.call.reports import CallState, EventRecord, FailureReport, RungReport
from components.call.server_events import ServiceError
from components.providers.ticket import CallTransport
from components.settings.settings import Settings

from .transcript.call_mark import CallMark
from .transcript.pace import Pace


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
        return self.state not in {CallState.IDLE, CallState.ENDED}


@dataclass(frozen=True)
class CallStarted(Effect):
    """The user placed a call, which is not connected yet."""


@dataclass(frozen=True)
class CallConnected(Effect):
    """The call is live: the call of this number in its conversation, at this time in Unix seconds."""

    number: int
    mark: CallMark
    at: float
    transport: CallTransport


@dataclass(frozen=True)
class SessionOpened(Effect):
    """The service opened a session for the call. It ends it at `expires_at`, in Unix seconds, or never says so."""

    expires_at: int | None


@dataclass(frozen=True)
class CallEnded(Effect):
    """The call ended; `failure` says why, unless somebody hung up."""

    failure: FailureReport | None
    number: int
    at: float


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
class TurnsRevised(Effect):
    """Delete these items in the service, and say the message, or ask for another answer without one."""

    item_ids: Sequence[str]
    message: dict[str, Any] | None


@dataclass(frozen=True)
class LateTurnsAdded(Effect):
    """The page before this one had not delivered some turns, perhaps of a conversation of which nothing was stored."""


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
    """The service refused a change, so these settings apply again.

    `reason` is the service's own text. The change may also have been `too_long` to be sent.
    """

    settings: Settings
    reason: str
    too_long: bool = False


@dataclass(frozen=True)
class NewCallOffered(Effect):
    """Offer a new call, because only a new call can apply these fields of the settings. Without fields, offer none."""

    fields: Collection[str]
