"""The program knows how far it is behind."""

from collections.abc import Callable

from components.call.lag import BEHIND_SECONDS, CAUGHT_UP_SECONDS, Lag


class Loop:
    """An event loop in which work waits for `lag` seconds."""

    def __init__(self) -> None:
        self.lag = 0.0
        self.time = 0.0
        self._due: list[Callable[[], None]] = []

    def call_soon(self, call: Callable[[], None]) -> None:
        self._due.append(call)

    def run(self) -> int:
        self.time += self.lag
        due, self._due = self._due, []
        for call in due:
            call()
        return len(due)


def measured(loop: Loop, lag: Lag, seconds: float, times: int = 50) -> bool:
    loop.lag = seconds
    for _ in range(times):
        lag.measure()
        loop.run()
    return lag.is_behind


def test_it_is_behind_from_one_lag_and_caught_up_from_a_much_smaller_one() -> None:
    loop = Loop()
    lag = Lag(loop.call_soon, lambda: loop.time)
    between = (BEHIND_SECONDS + CAUGHT_UP_SECONDS) / 2
    assert not measured(loop, lag, between)
    assert measured(loop, lag, 2 * BEHIND_SECONDS)
    assert measured(loop, lag, between)
    assert not measured(loop, lag, CAUGHT_UP_SECONDS / 2)


def test_one_late_moment_is_no_load() -> None:
    loop = Loop()
    lag = Lag(loop.call_soon, lambda: loop.time)
    assert not measured(loop, lag, 5 * BEHIND_SECONDS, times=1)


def test_it_measures_once_at_a_time() -> None:
    loop = Loop()
    lag = Lag(loop.call_soon, lambda: loop.time)
    lag.measure()
    lag.measure()
    assert loop.run() == 1
    assert loop.run() == 0
