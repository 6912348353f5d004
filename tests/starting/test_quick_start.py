"""The start leaves out libraries, and puts off collecting garbage."""

import subprocess
import sys

import pytest

from components.starting.absent import absent
from tests.parley import ROOT

# Each takes a noticeable part of the start, and no page needs it before there is something to show or to do.
SPARED = {'aiohttp', 'requests', 'pygments', 'websockets', 'markdown_it', 'latex2mathml', 'aiortc', 'openai', 'alembic'}


def test_a_start_loads_nothing_that_a_first_page_can_do_without() -> None:
    program = f'import sys, gc, main; print(*sorted({SPARED} & sys.modules.keys()), gc.isenabled())'
    run = subprocess.run([sys.executable, '-c', program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ['True']


def test_libraries_are_left_out_only_while_they_are_asked_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, 'colorsys', raising=False)
    with absent('colorsys'), pytest.raises(ModuleNotFoundError):
        import colorsys
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
