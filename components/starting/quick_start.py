"""Lets the program start sooner. Imported before everything else.

Python collects no garbage until `settle`: while modules load nearly nothing is garbage, and looking for it takes a
fifth of the time. Libraries are left out that others load when they find them, and that no part of Parley uses: they
take a fourth of the time that importing NiceGUI takes, and 15 MB. FastAPI's models of OpenAPI get their validators when
something is validated, which Parley never does with them: that is a fifth of the time that importing FastAPI takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from . import import_errors  # noqa: F401  (explains what fails to load from here on)
from .absent import absent

YOUNG_OBJECTS = 5_000
"""After so many new objects, Python looks for garbage among them, and after some such looks among all objects. That
takes a quarter of a second with 150 pages. By default it is 700, and with many calls their words often came late."""


def settle() -> None:
    """Collect garbage from now on, but never look at what is loaded by now: nearly all of it stays."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()


@contextmanager
def validators_when_needed() -> Iterator[None]:
    """Let pydantic's models that are declared meanwhile build their validators when they first need them."""
    import pydantic

    pydantic.BaseModel.model_config['defer_build'] = True  # models inherit it
    try:
        yield
    finally:
        del pydantic.BaseModel.model_config['defer_build']


gc.disable()
with absent('aiohttp', 'requests', 'websocket'):  # for Socket.IO's clients; NiceGUI is a server
    import socketio  # noqa: F401
with absent('pygments'):  # for the command line of httpx
    import httpx  # noqa: F401
with absent('watchfiles'):  # for programs that start again when a file changes
    import uvicorn  # noqa: F401
with validators_when_needed():
    import fastapi  # noqa: F401
