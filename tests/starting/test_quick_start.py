"""The start leaves out libraries, and puts off collecting garbage."""

import subprocess
import sys

import pytest
from pydantic import BaseModel, ValidationError

import main  # noqa: F401  (collects garbage again, see `settle`)
from components.starting.absent import absent
from components.starting.quick_start import validators_when_needed
from tests.parley import ROOT

# Each takes a noticeable part of the start, and no page needs it before there is something to show or to do.
SPARED = {
    *('aiohttp', 'requests', 'pygments', 'websockets', 'watchfiles'),
    *('markdown_it', 'latex2mathml', 'aiortc', 'openai', 'alembic'),
}


def test_a_start_loads_nothing_that_a_first_page_can_do_without() -> None:
    program = f"""import sys, gc, main, fastapi.openapi.models as openapi
print(*sorted({SPARED} & sys.modules.keys()), openapi.Contact.__pydantic_complete__, gc.isenabled())"""
    run = subprocess.run([sys.executable, '-c', program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ['False', 'True']


def test_models_declared_meanwhile_build_their_validators_when_needed() -> None:
    with validators_when_needed():

        class Later(BaseModel):
            count: int

    class AtOnce(BaseModel):
        count: int

    assert (Later.__pydantic_complete__, AtOnce.__pydantic_complete__) == (False, True)
    assert Later(count=1).count == 1
    with pytest.raises(ValidationError):
        Later(count='many')  # type: ignore[arg-type]


def test_libraries_are_left_out_only_while_they_are_asked_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, 'colorsys', raising=False)
    with absent('colorsys'), pytest.raises(ModuleNotFoundError):
        import colorsys
    import colorsys

    assert colorsys.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
