"""The formats in which a conversation can be taken out, by the endings of their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.history.entries import StoredConversation
from components.words.language import Text

from .captions import srt, vtt
from .conversation_file import write
from .markdown import markdown
from .plain_text import plain_text


@dataclass(frozen=True)
class Format:
    """A format: its media type, and what makes the text of a file."""

    media_type: str
    write: Callable[[StoredConversation, Text], str]


FORMATS: Mapping[str, Format] = {
    'md': Format('text/markdown', markdown),
    'txt': Format('text/plain', plain_text),
    'json': Format('application/json', lambda conversation, text: write([conversation])),
    'srt': Format('application/x-subrip', srt),
    'vtt': Format('text/vtt', vtt),
}
