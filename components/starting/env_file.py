"""The file `.env`, in which Parley keeps a key that the host has entered on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values, find_dotenv
from dotenv.parser import parse_stream

from components.sharing.certificate.private_files import write_private

from .environment import read_text

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class EnvFile:
    """The file `.env`, which need not exist yet.

    Attributes:
        path: Where it is, or will be.
        overriding: The variables that the system sets. They have precedence over the file.
    """

    path: Path
    overriding: frozenset[str] = frozenset()

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> EnvFile:
        """Find the file. Call this before its variables are added to the environment."""
        return cls(Path(find_dotenv() or ROOT / '.env').resolve(), frozenset(environ))

    def keep(self, variable: str, value: str) -> None:
        """Set a variable in the file, and leave all other lines as they are. Only the file's owner can read it.

        Raises:
            OSError: The file can't be written.
            ValueError: The file isn't text, or can't hold this value; the message is a sentence without the value.
        """
        text = read_text(self.path) if self.path.exists() else ''
        changed = _with_variable(text, variable, value)
        if dotenv_values(stream=StringIO(changed)) != {**dotenv_values(stream=StringIO(text)), variable: value}:
            raise ValueError(f"{self.path.name} can't hold this value of {variable}.")
        write_private(self.path, changed.encode())


def _with_variable(text: str, variable: str, value: str) -> str:
    """Return the text of an `.env` with a variable in place of its first definition, or at the end."""
    line = f'{variable}={value}\n'
    lines: list[str] = []
    for binding in parse_stream(StringIO(text)):
        if binding.key != variable:
            lines.append(binding.original.string)
        elif line:
            before = binding.original.string
            lines.append(before[: len(before) - len(before.lstrip())] + line)  # empty lines belong to what follows them
            line = ''
    end = '' if not lines or not line or lines[-1].endswith(('\n', '\r')) else '\n'
    return ''.join([*lines, end, line])
