"""A Parley and a browser that nobody has used yet, with which most benchmarks begin."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chromium import Chromium
from tests.parley import Parley


@dataclass(frozen=True)
class Fresh:
    """`folder` is for files of the benchmark's own; it is gone at the end."""

    parley: Parley
    chromium: Chromium
    folder: Path


@asynccontextmanager
async def fresh() -> AsyncIterator[Fresh]:
    """Start a Parley without a key, and find a browser."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parley = Parley(folder)
        await parley.start()
        try:
            async with Chromium.found(folder) as chromium:
                yield Fresh(parley, chromium, folder)
        finally:
            await parley.kill()
