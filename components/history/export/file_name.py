"""Names of files, made from titles: safe on Windows, macOS and Linux, and unique within an archive."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST = 80
"""Characters of a name without its ending; with up to three bytes each they fit into the 255 of most file systems."""
RESERVED = re.compile(r'(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)', re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""


def file_name(title: str, ending: str) -> str:
    """Return a name for a file.

    Args:
        title: Any text.
        ending: The ending, such as `md`.
    """
    return f'{_stem(title)}.{ending}'


class UniqueNames:
    """Gives names that differ also for file systems that ignore case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, title: str, ending: str) -> str:
        """Return a name like `file_name`, with a number if it is taken."""
        stem, number = _stem(title), 1
        name = f'{stem}.{ending}'
        while (key := unicodedata.normalize('NFKC', name).casefold()) in self._taken:
            number += 1
            name = f'{stem} ({number}).{ending}'
        self._taken.add(key)
        return name


def attachment(name: str) -> str:
    """Return a header that saves the answer as a file of this name (RFC 6266)."""
    plain = name.encode('ascii', 'replace').decode().replace('?', '_').replace('"', '_')
    return f'attachment; filename="{plain}"; filename*=UTF-8\'\'{quote(name, safe="")}'


def _stem(title: str) -> str:
    text = unicodedata.normalize('NFC', title)
    text = ''.join(' ' if unicodedata.category(letter)[0] in 'CZ' else letter for letter in text)
    text = ' '.join(re.sub(r'[<>:"/\\|?*]', ' ', text).split()).strip('. ')
    while len(text) > LONGEST or len(text.encode()) > 3 * LONGEST:
        text = text[:-1].rstrip('. ')
    if not text:
        return 'conversation'
    return f'_{text}' if RESERVED.match(text) else text
