"""The ladder: the steps of connecting, called rungs, each with its time."""

import time
from collections.abc import Callable

from nicegui import ui

from components.call.failure import Failure
from components.call.reports import Rung, RungState
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

    Some rungs run in parallel. The total is therefore measured from the first report to the end of the last rung, and
    is less than the sum of all rungs.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Create a ladder whose rungs all wait.

        :param now: a monotonic clock in seconds
        """
        super().__init__()
        self._now = now
        self._began: float | None = None
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

    def report(self, rung: Rung, state: RungState, ms: float | None = None, failure: Failure | None = None) -> None:
        """Show a rung's state.

        :param ms: how long the rung itself took, in milliseconds
        :param failure: why it failed
        """
        if self._began is None:
            self._began = self._now()
            self._total.text = ''
        if rung not in self._rungs:
            self._rungs[rung] = self._added(rung)
        self._rungs[rung].show(state, ms, failure)
        if state is RungState.DONE and rung is Rung.SESSION:
            self._total.text = self._words('ladder.total', time=time_text((self._now() - self._began) * 1000))

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
        self._words = language().text
        self.props['data-rung'] = rung.value
        self.props['title'] = self._words(f'ladder.meanings.{rung}')
        with self:
            self._icon = ui.icon(ICONS[RungState.WAITING]).classes('rung__icon').props('aria-hidden=true')
            ui.label(self._words(f'ladder.names.{rung}')).classes('rung__name')
            self._word = ui.label().classes('rung__word')
            self._time = ui.label().classes('rung__time')
            self._sentence = ui.label().classes('rung__sentence')
            self._next_step = ui.label().classes('rung__next')

    def show(self, state: RungState, ms: float | None = None, failure: Failure | None = None) -> None:
        self.state = state
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


def time_text(ms: float) -> str:
    """Format a short duration: `38 ms`, `1.2 s`."""
    return f'{ms:.0f} ms' if round(ms) < 1000 else f'{ms / 1000:.1f} s'
