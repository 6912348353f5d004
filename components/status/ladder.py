"""The ladder: the steps of connecting, called rungs, each with its time."""

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


class Ladder(ui.element, default_props='data-testid=ladder', default_classes='ladder'):
    """Shows how far a call has come while connecting. If it fails, shows at which rung, why, and what to do.

    Some rungs run beside each other, so the total is less than their sum. Once the call is live, a bar under each rung
    shows when it ran.
    """

    def __init__(self) -> None:
        """Create a ladder whose rungs all wait."""
        super().__init__()
        self._began: float | None = None  # on the browser's clock, in milliseconds
        self._words = language().text
        with self:
            with ui.element('ol').classes('ladder__rungs') as self._list:
                self._rungs: dict[Rung, _RungRow] = {rung: _RungRow(rung) for rung in Rung if rung is not Rung.RELAY}
            self._total = ui.label().classes('ladder__total').props('data-testid=ladder-total')
        self.reset()

    def reset(self) -> None:
        """Let all rungs wait for a new call."""
        self._began = None
        self._total.text = self._words('ladder.empty')
        if Rung.RELAY in self._rungs:
            self._rungs.pop(Rung.RELAY).delete()
        for row in self._rungs.values():
            row.show(RungState.WAITING)

    def stop(self, failure: Failure | None = None) -> None:
        """Let active rungs wait: the call ended, perhaps before it was connected.

        :param failure: why it failed. If no rung says so, the last active one does.
        """
        active = [row for row in self._rungs.values() if row.state is RungState.ACTIVE]
        for row in active:
            row.show(RungState.WAITING)
        if failure and active and not any(row.state is RungState.FAILED for row in self._rungs.values()):
            active[-1].show(RungState.FAILED, failure=failure)

    def report(self, report: RungReport, failure: Failure | None = None) -> None:
        """Show a rung's progress, and why it failed, in words."""
        if self._began is None:
            self._began = report.at_ms
            self._total.text = ''
        if report.rung not in self._rungs:
            self._rungs[report.rung] = self._added(report.rung)
        self._rungs[report.rung].show(report.state, report.ms, failure, at_ms=report.at_ms)
        if report.state is RungState.DONE and report.rung is Rung.SESSION:
            self._show_total(self._rungs[report.rung])

    def _show_total(self, last: '_RungRow') -> None:
        if self._began is None or last.ran is None:
            return
        total = last.ran[1] - self._began
        self._total.text = self._words('ladder.total', time=time_text(total))
        for row in self._rungs.values():
            row.show_bar(self._began, total)

    def _added(self, rung: Rung) -> '_RungRow':
        """Insert the row of a rung that not every call has."""
        with self._list:
            row = _RungRow(rung)
        row.move(target_index=list(Rung).index(rung))
        return row


class _RungRow(ui.element, default_props='data-testid=ladder-rung', default_classes='rung'):
    def __init__(self, rung: Rung) -> None:
        super().__init__('li')
        self.state = RungState.WAITING
        self.ran: tuple[float, float] | None = None  # from when to when, on the browser's clock, in milliseconds
        self._words = language().text
        self.props['data-rung'] = rung.value
        self.props['title'] = self._words(f'ladder.meanings.{rung}')
        with self:
            self._icon = ui.icon(ICONS[RungState.WAITING]).classes('rung__icon').props('aria-hidden=true')
            ui.label(self._words(f'ladder.names.{rung}')).classes('rung__name')
            self._word = ui.label().classes('rung__word')
            self._time = ui.label().classes('rung__time')
            self._bar = ui.element().classes('rung__bar').props('aria-hidden=true data-testid=rung-bar')
            self._sentence = ui.label().classes('rung__sentence')
            self._next_step = ui.label().classes('rung__next')

    def show(
        self,
        state: RungState,
        ms: float | None = None,
        failure: Failure | None = None,
        *,
        at_ms: float | None = None,
    ) -> None:
        self.state = state
        self.ran = None if ms is None or at_ms is None else (at_ms, at_ms + ms)
        self._bar.visible = False
        self._time.props.pop('title', None)
        self.props['data-state'] = state.value
        self._icon.name = ICONS[state]
        self._word.text = self._words(f'ladder.states.{state}')
        self._time.text = '' if ms is None else time_text(ms)
        self._sentence.text = failure.sentence if failure else ''
        self._next_step.text = failure.next_step if failure else ''
        self._sentence.visible = self._next_step.visible = failure is not None
        for name, value in {'data-testid': 'notice', 'data-code': failure.code if failure else ''}.items():
            if failure:
                self._sentence.props[name] = value
            else:
                self._sentence.props.pop(name, None)

    def show_bar(self, began: float, total: float) -> None:
        """Show when this rung ran. `began` is when the first one did, `total` how long all took, in milliseconds."""
        if self.ran is None or total <= 0:
            return
        begin, end = (min(max(at - began, 0), total) for at in self.ran)
        self._time.props['title'] = self._words('ladder.span', begin=time_text(begin), end=time_text(end))
        self._bar.style(f'--begin: {begin / total:.3f}; --end: {end / total:.3f}')
        self._bar.visible = True


def time_text(ms: float) -> str:
    """Format a short duration: `38 ms`, `1.2 s`."""
    return f'{ms:.0f} ms' if round(ms) < 1000 else f'{ms / 1000:.1f} s'
