"""Short turns on the processor, as Linux sees them."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from components.engine.short_turns import TURN, Attributes, attributes, take_short_turns


def asked() -> tuple[Attributes | None, Attributes | None]:
    """Ask for short turns in this thread. Returns how it is scheduled, and how a thread that it starts is."""
    take_short_turns()
    with ThreadPoolExecutor() as pool:
        return attributes(), pool.submit(attributes).result()


@pytest.mark.skipif(not (found := attributes()) or not found.runtime, reason='needs Linux 6.12')
def test_only_the_thread_that_asks_gets_short_turns() -> None:
    with ThreadPoolExecutor() as pool:
        its_own, inherited = pool.submit(asked).result()
    assert its_own
    assert its_own.runtime == TURN
    assert inherited
    assert inherited.runtime > TURN


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, 'platform', 'win32')
    take_short_turns()
    assert attributes() is None
