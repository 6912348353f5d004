"""A page for tests of the director."""

from dataclasses import replace
from typing import Any

from components.call.reports import CallState, FailureReport, StateReport, event_record
from components.conversation.director import Director
from components.conversation.effects import CallConnected, Effect, SendEvent
from components.conversation.transcript.call_mark import Begun, CallMark
from components.providers.ticket import CallTransport
from components.settings.session import session
from components.settings.settings import Settings

QUIET = Settings(greets=False)
FASTER = replace(QUIET, speed=1.5)
OTHER_VOICE = replace(QUIET, voice='ash')


class Page:
    """A page that notes all effects."""

    def __init__(self, settings: Settings = QUIET) -> None:
        self.effects: list[Effect] = []
        self.now = 1000.0
        self.director = Director(settings, session, now=lambda: self.now)
        self.director.on(Effect, self.effects.append)

    def enters(self, *states: CallState, failure: FailureReport | None = None) -> list[Effect]:
        """Report these states; gives what came of the last one."""
        for state in states:
            if state is CallState.PREPARING:
                self.director.begin('webrtc')
            self.effects.clear()
            self.director.report_state(StateReport(state, failure))
        return self.effects.copy()

    def calls(self) -> list[Effect]:
        """Place a call that succeeds; gives what came of being live."""
        return self.enters(CallState.PREPARING, CallState.CONNECTING, CallState.LIVE)

    def changes(self, settings: Settings) -> list[Effect]:
        self.effects.clear()
        self.director.change_settings(settings)
        return self.effects.copy()

    def receives(self, *events: dict[str, Any], at_ms: float = 0, direction: Any = 'received') -> list[Effect]:
        self.effects.clear()
        self.now = 1000.0 + at_ms / 1000
        records = [event_record({'at': at_ms, 'direction': direction, 'event': event}) for event in events]
        self.director.report_events([record for record in records if record])
        return self.effects.copy()


def sent(effects: list[Effect]) -> list[dict[str, Any]]:
    return [effect.event for effect in effects if isinstance(effect, SendEvent)]


def connected(number: int, begun: Begun, at: float, transport: CallTransport) -> CallConnected:
    return CallConnected(number, CallMark(begun, at), at, transport)
