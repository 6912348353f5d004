"""Items of a conversation as the Realtime API sends them, reduced to what Parley shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from .fields import Fields, Malformed

NAME = -1
"""Content index of a tool's name, so that it stands before the arguments."""
ARGUMENTS, OUTPUT = 0, 1
"""Content indices of a tool's arguments and output."""

IMAGE = re.compile(r'data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*')


class Speaker(StrEnum):
    """The side that an item comes from. `TOOL` stands for calls of functions and MCP tools, and for their outputs."""

    USER = 'user'
    ASSISTANT = 'assistant'
    SYSTEM = 'system'
    TOOL = 'tool'


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a conversation."""

    id: str
    speaker: Speaker
    status: str | None
    """`in_progress`, `completed`, `incomplete`, or None where the service gives none (outputs of functions)."""
    texts: dict[int, str] = field(default_factory=dict)
    """Non-empty texts by content index."""
    images: tuple[str, ...] = ()
    """Pictures that may be shown, as `data:` URLs."""
    spoken: bool = False
    call_id: str | None = None


def read_item(item: Fields) -> Item:
    """Read an item. Raises `Malformed`, also for an unknown type or role."""
    kind = item.text('type')
    parts = item.children('content')
    if kind == 'message':
        speaker, texts = _role(item), {index: part_text(part) for index, part in enumerate(parts)}
    elif kind in _TOOL_TEXTS:
        speaker, texts = Speaker.TOOL, _TOOL_TEXTS[kind](item)
    else:
        raise Malformed(f'unknown type of item: {kind}')
    return Item(
        id=item.id('id'),
        speaker=speaker,
        status=item.text_or_none('status'),
        texts={index: text for index, text in texts.items() if text},
        images=tuple(url for part in parts if (url := _image(part))),
        spoken=any(part.text_or_none('type') in {'input_audio', 'output_audio', 'audio'} for part in parts),
        call_id=item.text_or_none('call_id'),
    )


def part_text(part: Fields) -> str | None:
    """Return the words of a content part: its `text` if it is written, its `transcript` if it is spoken."""
    return part.text_or_none('text') or part.text_or_none('transcript')


def error_text(error: Fields) -> str | None:
    """Return the message of an error object, or at least its code."""
    return error.label('message') or error.label('code') or error.label('type') or None


def _image(part: Fields) -> str | None:
    """The picture of a content part, unless it is at another address: fetching it would reveal the viewer."""
    url = part.text_or_none('image_url') if part.text_or_none('type') == 'input_image' else None
    return url if url and IMAGE.fullmatch(url) else None


def _role(item: Fields) -> Speaker:
    role = item.text('role')
    if role not in {Speaker.USER, Speaker.ASSISTANT, Speaker.SYSTEM}:
        raise Malformed(f'unknown role: {role}')
    return Speaker(role)


def _call(item: Fields) -> dict[int, str | None]:
    return {NAME: item.text_or_none('name'), ARGUMENTS: item.text_or_none('arguments')}


def _call_output(item: Fields) -> dict[int, str | None]:
    return {OUTPUT: item.text_or_none('output')}


def _mcp_call(item: Fields) -> dict[int, str | None]:
    return {**_call(item), OUTPUT: error_text(item.child('error')) or item.text_or_none('output')}


def _mcp_tools(item: Fields) -> dict[int, str | None]:
    names = [tool.text_or_none('name') or '' for tool in item.children('tools')]
    return {NAME: item.text_or_none('server_label'), ARGUMENTS: ', '.join(names)}


def _mcp_approval(item: Fields) -> dict[int, str | None]:
    return {NAME: 'approved' if item.is_true('approve') else 'refused', ARGUMENTS: item.text_or_none('reason')}


_TOOL_TEXTS: dict[str, Callable[[Fields], dict[int, str | None]]] = {
    'function_call': _call,
    'function_call_output': _call_output,
    'mcp_call': _mcp_call,
    'mcp_list_tools': _mcp_tools,
    'mcp_approval_request': _call,
    'mcp_approval_response': _mcp_approval,
}
