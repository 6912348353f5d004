"""Fixtures for every test of the engine."""

from collections.abc import Iterator

import pytest

from .checked_events import EventStream


@pytest.fixture(autouse=True)
def all_events_fit_the_protocol() -> Iterator[None]:
    """Fail a test whose clients got events that the protocol does not allow, or not in that order."""
    EventStream.opened.clear()
    yield
    EventStream.check_all()
