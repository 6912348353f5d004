"""The drawer on the right, for the curious."""

from nicegui import ui

from components.call.failure import Failure, failure
from components.call.reports import FailureReport
from components.conversation import effects
from components.conversation.director import Director
from components.widgets.drawer import Drawer
from components.widgets.notification import tell
from components.words.language import sentences
from components.words.page import words

from .detour_note import DetourNote
from .event_log import EventLog
from .ladder import Ladder
from .notices import Notices


class StatusDrawer(Drawer):
    """Shows how a call connects, and every event that it sends and receives.

    What goes wrong in a call that goes on becomes a notification.
    """

    def __init__(self, director: Director, *, is_guest: bool = False) -> None:
        """Create the drawer, closed.

        :param director: reports what the drawer shows
        :param is_guest: whether it is on a guest's page
        """
        super().__init__('right', words('page.call_status'), width=360, needed_at=('realtime-started',))
        self._is_guest = is_guest
        self._director = director
        self._notices = Notices(words)
        with self:
            ui.label(words('page.connecting')).classes('drawer__title')
            self._ladder = Ladder()
            self._detour = DetourNote(director.settings)
            ui.label(words('page.events')).classes('drawer__title')
            EventLog()
        director.on(effects.CallStarted, lambda _: self._ladder.reset())
        director.on(effects.CallStarted, lambda _: self._detour.follow(director.settings))
        director.on(effects.SettingsChanged, lambda effect: self._detour.follow(effect.settings))
        director.on(effects.CallStarted, lambda _: self._notices.begin_call())
        director.on(effects.CallEnded, self._stop)
        director.on(effects.RungChanged, self._show_rung)
        director.on(effects.EventsReported, self._show_notices)
        director.on(effects.ErrorReported, lambda effect: show(self._notices.error(effect.error)))

    def _show_notices(self, effect: effects.EventsReported) -> None:
        for notice in self._notices.hear(effect.records, self._director.settings):
            show(notice)

    def _stop(self, effect: effects.CallEnded) -> None:
        self._ladder.stop(self._in_words(effect.failure))

    def _show_rung(self, effect: effects.RungChanged) -> None:
        self._ladder.report(effect.report, self._in_words(effect.report.failure))

    def _in_words(self, reported: FailureReport | None) -> Failure | None:
        if reported is None:
            return None
        return failure(reported.code, reported.detail, words, for_guest=self._is_guest)


def show(notice: Failure | None) -> None:
    """Notify the user, if there is anything to know."""
    if notice:
        tell(sentences(notice.sentence, notice.next_step), code=notice.code)
