"""Reports from the browser half of a call to Python: its state, the rungs of connecting, and the protocol's events.

Reports arrive as JSON and become one of these types here. Reports that do not fit are dropped and raise nothing,
because a page may be older than the program that serves it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from .event_reader import read_server_event
from .server_events import ServerEvent

DEEPEST = 100
"""Levels of nesting of an event. Browsers bound it, see `event_reader.js`; the page's JSON breaks at 254."""

CALL_ID = re.compile(r'[\w-]{1,200}')
"""A service's id of a call; it becomes part of a URL."""


class CallState(StrEnum):
    """The life of a call, in order."""

    IDLE = 'idle'
    PREPARING = 'preparing'
    CONNECTING = 'connecting'
    LIVE = 'live'
    RECOVERING = 'recovering'  # between live and live: the connection was lost, and another one is being made
    ENDED = 'ended'


class Rung(StrEnum):
    """One step of connecting, in the order in which the page shows them."""

    MICROPHONE = 'microphone'
    KEY = 'key'
    OFFER = 'offer'
    NETWORK = 'network'
    RELAY = 'relay'  # only if the sound goes through Parley
    CHANNEL = 'channel'
    SESSION = 'session'


class RungState(StrEnum):
    """The progress of a rung."""

    WAITING = 'waiting'
    ACTIVE = 'active'
    DONE = 'done'
    FAILED = 'failed'
    SKIPPED = 'skipped'  # this call does not need it


@dataclass(frozen=True)
class FailureReport:
    """Why a call failed: a code, see `failure`, and the original message."""

    code: str
    detail: str = ''


@dataclass(frozen=True)
class StateReport:
    """The new state of a call. `failure` says why it ended or is recovering, unless somebody hung up.

    `at_ms` is when that happened, on the browser's monotonic clock, in milliseconds; it may have been noticed later.
    `call_id` is the service's id of the call, empty if the browser does not know it.
    """

    state: CallState
    failure: FailureReport | None = None
    at_ms: float | None = None
    call_id: str = ''


@dataclass(frozen=True)
class RungReport:
    """The progress of one rung.

    `at_ms` is when it began, on the browser's monotonic clock; `ms` how long it took, known once it is done or has
    failed. Both are milliseconds.
    """

    rung: Rung
    state: RungState
    at_ms: float | None = None
    ms: float | None = None
    failure: FailureReport | None = None


@dataclass(frozen=True)
class EventRecord:
    """One event of the protocol, in either direction. `at_ms` is the browser's monotonic clock, in milliseconds."""

    at_ms: float
    direction: Literal['received', 'sent']
    json: dict[str, Any]
    event: ServerEvent | None = None
    """The event that the service sent, if Parley acts on it."""


@dataclass(frozen=True)
class Undelivered:
    """Events that a page had not delivered when it was reloaded. Some may have arrived all the same."""

    conversation: str
    events: list[tuple[float, ServerEvent]]
    """Events of the service and when they came, in Unix seconds."""
    seeded: frozenset[str]
    """Items that only told the call what was said before."""


def state_report(data: object) -> StateReport | None:
    """Read the payload of a `state` message."""
    if not isinstance(data, Mapping) or data.get('state') not in list(CallState):
        return None
    at, call_id = data.get('at'), data.get('call')
    return StateReport(
        CallState(data['state']),
        failure=_failure(data.get('failure')),
        at_ms=float(at) if isinstance(at, int | float) else None,
        call_id=call_id if isinstance(call_id, str) and CALL_ID.fullmatch(call_id) else '',
    )


def rung_report(data: object) -> RungReport | None:
    """Read the payload of a `rung` message."""
    if not isinstance(data, Mapping) or data.get('rung') not in list(Rung) or data.get('state') not in list(RungState):
        return None
    at, ms = data.get('at'), data.get('ms')
    return RungReport(
        rung=Rung(data['rung']),
        state=RungState(data['state']),
        at_ms=float(at) if isinstance(at, int | float) else None,
        ms=float(ms) if isinstance(ms, int | float) else None,
        failure=_failure(data.get('failure')),
    )


def event_record(data: object) -> EventRecord | None:
    """Read the payload of an `event` message: `{at, direction, event}`."""
    if not isinstance(data, Mapping):
        return None
    at, direction, event = data.get('at'), data.get('direction'), data.get('event')
    if not isinstance(at, int | float) or not isinstance(event, dict):
        return None
    event = _tidied(event)
    if direction == 'sent':
        return EventRecord(float(at), 'sent', event)
    return EventRecord(float(at), 'received', event, read_server_event(event))


def undelivered(data: object) -> Undelivered | None:
    """Read a part of an `undelivered` message: `{conversation, origin, seeded, reports}`, `origin` in Unix ms."""
    if not isinstance(data, Mapping):
        return None
    origin, seeded, reports = data.get('origin'), data.get('seeded'), data.get('reports')
    if not isinstance(origin, int | float) or not isinstance(seeded, list) or not isinstance(reports, list):
        return None
    records = [record for report in reports if (record := event_record(report)) and record.event]
    events = [((origin + record.at_ms) / 1000, record.event) for record in records if record.event]
    return Undelivered(str(data.get('conversation')), events, frozenset(map(str, seeded)))


def _tidied(value: Any, depth: int = 0) -> Any:
    """Return JSON that can go to a page again: without halves of surrogate pairs, and not too deep."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')
    if isinstance(value, dict | list) and depth >= DEEPEST:
        return '…'
    if isinstance(value, dict):
        return {_tidied(name): _tidied(each, depth + 1) for name, each in value.items()}
    return [_tidied(each, depth + 1) for each in value] if isinstance(value, list) else value


def _failure(data: object) -> FailureReport | None:
    if not isinstance(data, Mapping) or not isinstance(data.get('code'), str):
        return None
    return FailureReport(data['code'], str(data.get('detail') or ''))
