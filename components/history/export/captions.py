"""Captions in the formats of players: SubRip (SRT) and WebVTT."""

from __future__ import annotations

import re
from html import escape

from components.history.entries import StoredConversation
from components.words.language import Text

from .cues import Cue, cues

JOINER = '\N{WORD JOINER}'
"""Takes no room. SRT knows no escapes: after a sign that a player might read as a tag, this keeps it from that."""


def srt(conversation: StoredConversation, text: Text) -> str:
    """Return a conversation as SubRip subtitles."""
    blocks = [
        f'{number}\n{_time(cue.start, ",")} --> {_time(cue.end, ",")}\n{_srt_lines(cue)}\n'
        for number, cue in enumerate(cues(conversation, text), 1)
    ]
    return '\n'.join(blocks)


def vtt(conversation: StoredConversation, text: Text) -> str:
    """Return a conversation as WebVTT (W3C), with the speakers as voices."""
    blocks = [
        f'{_time(cue.start, ".")} --> {_time(cue.end, ".")}\n{_vtt_lines(cue)}\n' for cue in cues(conversation, text)
    ]
    return '\n'.join(['WEBVTT\n', *blocks])


def _time(ms: int, mark: str) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f'{hours:02}:{minutes:02}:{seconds:02}{mark}{ms:03}'


def _srt_lines(cue: Cue) -> str:
    lines = (re.sub(r'[<{&]|--(?=>)', rf'\g<0>{JOINER}', line) for line in cue.lines)
    name = ' '.join(re.sub(r'[<>{}]', '', cue.name).replace('--', '').split())
    return (f'{name}: ' if cue.is_first else '') + '\n'.join(lines)


def _vtt_lines(cue: Cue) -> str:
    name = escape(cue.name.replace('--', '–'), quote=False)  # `-->` ends the text of a cue
    return f'<v {name}>' + '\n'.join(escape(line, quote=False) for line in cue.lines) + '</v>'
