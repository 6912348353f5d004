"""Pages report the more rarely the more the program has to do."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing import User

from components.call import call as voice_call
from components.call.batch_interval import LONGEST_MS, SHORTEST_MS, WINDOW_SECONDS, BatchInterval
from components.call.call import VoiceCall
from components.call.lag import BEHIND_SECONDS, Lag


class Program:
    """A program in which each message of a page costs `cost` seconds, beside which it works for `share` of the time."""

    def __init__(self, pages: int, cost: float = 0.0005, share: float = 0.0) -> None:
        self.pages, self.cost, self.share = pages, cost, share
        self.time = self.worked = self.lag = 0.0
        self.interval = BatchInterval(Lag(self._late, self._now), self._now, lambda: self.worked)

    def run(self, seconds: float = 5.0) -> int:
        """Let all pages report for so long, and return the interval at the end."""
        end = self.time + seconds
        while self.time < end:
            between = self.interval.ms / 1000 / self.pages
            self.time += max(between, self.cost)  # it can't do more than there is time for
            self.worked += self.cost + self.share * between
            self.interval.measure()
        return self.interval.ms

    def _late(self, call: Callable[[], None]) -> None:
        before, self.time = self.time, self.time + self.lag
        call()
        self.time = before

    def _now(self) -> float:
        return self.time


def test_one_call_reports_as_often_as_a_screen_is_drawn() -> None:
    assert Program(pages=1).run() == SHORTEST_MS


@pytest.mark.parametrize('pages', [20, 50, 100, 150])
def test_it_settles_where_it_is_the_percent_of_a_core_that_the_program_takes(pages: int) -> None:
    program = Program(pages)
    ms = program.run()
    assert ms == pytest.approx(10 * math.sqrt(1000 * pages * program.cost), rel=0.25)
    assert program.run() == ms  # it has settled


def test_too_many_calls_report_as_rarely_as_can_be() -> None:
    assert Program(pages=1000).run(seconds=2 * WINDOW_SECONDS) == LONGEST_MS


def test_other_work_counts() -> None:
    assert Program(pages=1, share=0.6).run() > 2 * SHORTEST_MS


def test_it_falls_again() -> None:
    program = Program(pages=150)
    program.run()
    program.pages = 1
    assert program.run() < 1.3 * SHORTEST_MS


def test_a_program_that_waits_for_the_core_is_busy() -> None:
    program = Program(pages=1)
    program.lag = 2 * BEHIND_SECONDS
    assert program.run() == LONGEST_MS


def test_it_may_be_made_by_a_process_that_forks() -> None:
    program = Program(pages=1)
    program.worked, worked = 100.0, program.worked
    program.interval = BatchInterval(Lag(program._late, program._now), program._now, lambda: program.worked)
    program.worked = worked
    assert program.run() == SHORTEST_MS


@pytest.mark.nicegui_main_file('')
async def test_a_page_is_told_the_interval_when_it_changes(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[Any, ...]] = []
    intervals = iter([SHORTEST_MS, LONGEST_MS, LONGEST_MS])
    monkeypatch.setattr(voice_call, '_batch_interval', SimpleNamespace(measure=lambda: next(intervals)))
    monkeypatch.setattr(VoiceCall, 'run_method', lambda _, *call: told.append(call))

    @ui.page('/')
    def page() -> None:
        VoiceCall(ticket=None)  # type: ignore[arg-type]

    await user.open('/')
    told.clear()
    for _ in range(3):
        user.find(VoiceCall).trigger('reports', {'first': 0, 'reports': []})
    assert told == [('confirm', 0, LONGEST_MS)]
