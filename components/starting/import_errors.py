"""Explains a missing or broken package in one sentence. Imported first, so it needs no package itself."""

from __future__ import annotations  # older versions of Python must be able to read this file

import sys
from types import TracebackType


def explain(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Print a sentence instead of a traceback if a package or a folder is why the program can't start."""
    if isinstance(error, KeyboardInterrupt):
        sys.stderr.write('\n')  # after the terminal's ^C
    elif isinstance(error, ImportError) and (sentence := missing(error)):
        sys.stderr.write(sentence + '\n')
    elif isinstance(error, OSError) and error.filename:
        sys.stderr.write(f"Parley can't use {error.filename}: {error.strerror}.\n")
    else:
        sys.__excepthook__(kind, error, traceback)


def missing(error: ImportError) -> str:
    """Say which package is missing or broken; empty if the fault is in Parley's own code."""
    package = (error.name or '').partition('.')[0]
    if not package or package in {'components', 'main'}:
        return ''
    if isinstance(error, ModuleNotFoundError):
        return f'Parley needs the package {package}. Install it: {INSTALL}'
    return f"Parley can't load the package {package} ({error}). Install it again: {INSTALL} --force-reinstall"


INSTALL = f'{sys.executable} -m pip install -r requirements.txt'
OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.exit(f'Parley needs Python 3.11 or newer; this is {sys.version.split()[0]}. See https://python.org/downloads')
sys.excepthook = explain
