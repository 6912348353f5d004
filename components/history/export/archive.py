"""Many conversations in one archive."""

from __future__ import annotations

from datetime import datetime
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from components.history.entries import StoredConversation
from components.words.language import Text

from .file_name import UniqueNames
from .formats import FORMATS


class Archive:
    """A ZIP archive with one file for each conversation. Close it at the end.

    Args:
        file: Where it is written; must be seekable.
        ending: The format of the files, see `FORMATS`.
        text: Gives the texts around what was said.
    """

    def __init__(self, file: IO[bytes], ending: str, text: Text) -> None:
        self._zip = ZipFile(file, 'w', ZIP_DEFLATED)
        self._ending, self._text = ending, text
        self._names = UniqueNames()

    def add(self, conversation: StoredConversation) -> None:
        """Write one more file. Its name begins with the day of the conversation, so that the files are in order."""
        day = f'{datetime.fromtimestamp(conversation.entry.started_at):%Y-%m-%d}'
        name = self._names.take(f'{day} {conversation.entry.title}', self._ending)
        self._zip.writestr(name, FORMATS[self._ending].write(conversation, self._text).encode())

    def close(self) -> None:
        """Complete the archive."""
        self._zip.close()
