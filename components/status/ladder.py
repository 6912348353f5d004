"""The ladder: the steps of connecting, called rungs, each with its time."""

from dataclasses import dataclass

from nicegui import ui

from components.call.failure import Failure
from components.call.reports import Rung, RungReport, RungState
from components.words.page import language

# the icon's shape and a word show the state: colour alone would not reach everybody
ICONS = {
    RungState.WAITING: 'radio_button_unchecked',
    RungState.ACTIVE: 'more_horiz',
    RungState.DONE: 'check_circle',
    RungState.FAILED: 'error',
    RungState.SKIPPED: 'remove',
}


@dataclass(slots=True)
class RungRow:
    """A rung as the page shows it, in words.

    Attributes:
        meaning: What happens at this rung.
        icon: The name of a Material icon.
        word: The state.
        time: How long it took.
        span: From when to when it ran.
        bar: The same, as parts of the whole, 0 to 1.
        sentence: Why it failed.
        next_step: What to do about that.
        code: Identifies the failure.
    """

    rung: Rung
    name: str
    meaning: str
    state: RungState = RungState.WAITING
    icon: str = ''
    word: str = ''
    time: str = ''
    span: str = ''
    bar: tuple[float, float] | None = None
    sentence: str = ''
    next_step: str = ''
    code: str = ''


class Ladder(ui.element, component='rung_rows.js', default_props='data-testid=ladder', default_classes='ladder'):
    """Shows how far a call has come while connecting. If it fails, shows at which rung, why, and what to do.

    Some rungs run beside each other, so the total is less than their sum. Once the call is live, a bar under each rung
    shows when it ran.

    Attributes:
        rows: The rungs of this call, in their order.
        total: How long all took, or what is to be seen here later.
    """

    def __init__(self) -> None:
        """Create a ladder whose rungs all wait."""
        super().__init__()
        self._words = language().text
        self.reset()

    def reset(self) -> None:
        """Let all rungs wait for a new call."""
        self._began: float | None = None  # on the browser's clock, in milliseconds
        self._ran: dict[Rung, tuple[float, float]] = {}  # from when to when, on the same clock
        self.total = self._words('ladder.empty')
        self.rows = [self._waiting(rung) for rung in Rung if rung is not Rung.RELAY]
        self._show()

    def stop(self, failure: Failure | None = None) -> None:
        """Let active rungs wait: the call ended, perhaps before it was connected.

        :param failure: why it failed. If no rung says so, the last active one does.
        """
        active = [row for row in self.rows if row.state is RungState.ACTIVE]
        for row in active:
            self._change(row, RungState.WAITING)
        if failure and active and not any(row.state is RungState.FAILED for row in self.rows):
            self._change(active[-1], RungState.FAILED, failure=failure)
        self._show()

    def report(self, report: RungReport, failure: Failure | None = None) -> None:
        """Show a rung's progress, and why it failed, in words."""
        if self._began is None:
            self._began = report.at_ms
            self.total = ''
        if report.ms is not None and report.at_ms is not None:
            self._ran[report.rung] = report.at_ms, report.at_ms + report.ms
        self._change(self._row(report.rung), report.state, report.ms, failure)
        if report.state is RungState.DONE and report.rung is Rung.SESSION:
            self._show_total()
        self._show()

    def _show_total(self) -> None:
        if self._began is None or Rung.SESSION not in self._ran:
            return
        total = self._ran[Rung.SESSION][1] - self._began
        self.total = self._words('ladder.total', time=time_text(total))
        for row in self.rows:
            if row.rung in self._ran and total > 0:
                begin, end = (min(max(at - self._began, 0), total) for at in self._ran[row.rung])
                row.span = self._words('ladder.span', begin=time_text(begin), end=time_text(end))
                row.bar = begin / total, end / total

    def _row(self, rung: Rung) -> RungRow:
        """Return the row of a rung; not every call has all of them."""
        if rung not in (row.rung for row in self.rows):
            self.rows.append(self._waiting(rung))
            self.rows.sort(key=lambda row: list(Rung).index(row.rung))
        return next(row for row in self.rows if row.rung is rung)

    def _waiting(self, rung: Rung) -> RungRow:
        row = RungRow(rung, self._words(f'ladder.names.{rung}'), self._words(f'ladder.meanings.{rung}'))
        self._change(row, RungState.WAITING)
        return row

    def _change(self, row: RungRow, state: RungState, ms: float | None = None, failure: Failure | None = None) -> None:
        row.state, row.icon, row.word = state, ICONS[state], self._words(f'ladder.states.{state}')
        row.time = '' if ms is None else time_text(ms)
        row.span, row.bar = '', None
        row.code, row.sentence, row.next_step = (
            (failure.code, failure.sentence, failure.next_step) if failure else ('', '', '')
        )

    def _show(self) -> None:
        self.props['total'] = self.total
        self.props['rows'] = [*self.rows]
        self.update()


def time_text(ms: float) -> str:
    """Format a short duration: `38 ms`, `1.2 s`."""
    return f'{ms:.0f} ms' if round(ms) < 1000 else f'{ms / 1000:.1f} s'
