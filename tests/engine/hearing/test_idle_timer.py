"""When silence after an answer has lasted too long."""

from components.engine.hearing.idle_timer import IdleTimer


def rings(timer: IdleTimer, *, until_ms: int, start_ms: int = 0, unheard_ms: int | None = 0) -> list[tuple[int, int]]:
    """When it rings and since when it was silent, of a timer of 5 seconds that hears of each 20 ms."""
    heard = range(start_ms, until_ms, 20)
    told = ((now, timer.feed(now, limit_ms=5000, unheard_ms=unheard_ms)) for now in heard)
    return [(now, since) for now, since in told if since is not None]


def test_it_rings_once() -> None:
    assert rings(IdleTimer(), until_ms=60_000) == [(5000, 0)]


def test_time_begins_when_the_answer_was_heard() -> None:
    assert rings(IdleTimer(), until_ms=60_000, unheard_ms=2000) == [(7000, 2000)]


def test_speech_and_answers_restart_it() -> None:
    timer = IdleTimer()
    assert rings(timer, until_ms=4900) == []
    assert rings(timer, start_ms=4900, until_ms=9000, unheard_ms=None) == []
    assert rings(timer, start_ms=9000, until_ms=20_000) == [(14_000, 9000)]
    assert rings(timer, start_ms=20_000, until_ms=21_000, unheard_ms=None) == []
    assert rings(timer, start_ms=21_000, until_ms=30_000) == [(26_000, 21_000)]


def test_without_a_limit_it_is_silent() -> None:
    assert IdleTimer().feed(100_000, limit_ms=None, unheard_ms=0) is None
