"""The environment of the program: its variables, the file `.env`, and the folders in which it keeps things."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import MutableMapping
from io import StringIO
from pathlib import Path

from dotenv import find_dotenv, load_dotenv

from components.providers.proxies import Proxies


def read_environment(environ: MutableMapping[str, str] = os.environ) -> Proxies:
    """Add the variables of `.env`, and rewrite those of proxies so that every library can read them.

    Says in one sentence what can't be used. Exits if `.env` can't be read.

    Returns:
        The proxies, as they were written.
    """
    if path := find_dotenv():
        try:
            load_dotenv(stream=StringIO(read_text(Path(path))))
        except ValueError as error:
            sys.exit(str(error))
    proxies = Proxies(environ)
    for problem in proxies.tidy(environ):
        warn(str(problem))
    return proxies


def read_text(path: Path) -> str:
    """Read a file that people edit. Raises ValueError with a sentence if it isn't text in UTF-8."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"Parley can't read {path}: {error.strerror}. Make it readable, or remove it.") from None
    try:
        text = data.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = '\0'
    if '\0' in text:
        raise ValueError(
            f"Parley can't read {path}: it isn't saved as UTF-8 text. Open it in an editor and save it with the "
            'encoding UTF-8.'
        )
    return text


def folder_problem(folder: Path, variable: str) -> str:
    """Create a folder if need be. Returns a sentence if the program can't write there, else ''.

    Args:
        folder: The folder.
        variable: The variable that names it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix='.try-') as file:
            file.write(b'x' * 4096)  # on a full disk, an empty file would do
            file.flush()
    except OSError as error:
        return (
            f"Parley can't write to the folder {folder}: {error.strerror}. It starts, but forgets what belongs there. "
            f'Make room or name another folder with {variable}.'
        )
    return ''


def warn(sentence: str) -> None:
    """Print a sentence for the person who started the program."""
    sys.stderr.write(sentence + '\n')
