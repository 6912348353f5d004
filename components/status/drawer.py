"""The drawer on the right, for the curious."""

from nicegui import ui

from components.call.failure import failure
from components.conversation import director as effects
from components.words.page import words

from .event_log import EventLog
from .ladder import Ladder
from .notices import show_notice


class StatusDrawer(ui.right_drawer):
    """Shows how a call connects, and every event that it sends and receives.

    Errors of the service become notifications.
    """

    def __init__(self, director: effects.Director) -> None:
        """Create the drawer, closed.

        :param director: reports what the drawer shows
        """
        super().__init__(value=False)
        self.props('width=360')
        with self:
            ui.label(words('page.connecting')).classes('drawer__title')
            self._ladder = Ladder()
            ui.label(words('page.events')).classes('drawer__title')
            self._log = EventLog()
        director.on(effects.CallStarted, lambda _: self._ladder.reset())
        director.on(effects.CallStarted, lambda _: self._log.begin_call())
        director.on(effects.CallEnded, lambda _: self._ladder.stop())
        director.on(effects.RungChanged, self._show_rung)
        director.on(effects.EventsReported, lambda effect: self._log.add(effect.records))
        director.on(effects.ErrorReported, show_notice)

    def _show_rung(self, effect: effects.RungChanged) -> None:
        report = effect.report
        reason = failure(report.failure.code, report.failure.detail, words) if report.failure else None
        self._ladder.report(report.rung, report.state, report.ms, reason)
