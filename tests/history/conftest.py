"""Conversations of its own for each test."""

import pytest

from .memory import KeptInMemory


@pytest.fixture
def history() -> KeptInMemory:
    return KeptInMemory()
