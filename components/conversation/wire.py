"""The border: JSON of the Realtime protocol comes in, checked values go on."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .turn import Speaker

NAME = -1  # content index under which a tool's name is kept, so that it stands before the arguments
ARGUMENTS, OUTPUT = 0, 1
IMAGE = re.compile(r'data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*')


class Ignored(Exception):
    """This event changes nothing: it is malformed, unknown, late or a repetition."""


class Fields:
    """The fields of a JSON object, read with the type that they should have.

    Raises `Ignored` for a field that is missing or of another type.
    """

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise Ignored('not an object')
        self._value = value

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def text(self, name: str) -> str:
        value = self._value.get(name)
        if not isinstance(value, str):
            raise Ignored(f'{name} is not a text')
        return value

    def id(self, name: str) -> str:
        if value := self.text(name):
            return value
        raise Ignored(f'{name} is empty')

    def text_or_none(self, name: str) -> str | None:
        """The text, or `None` if there is none (missing, null or empty)."""
        return None if self._value.get(name) is None else self.text(name) or None

    def whole(self, name: str, default: int | None = None) -> int:
        value = self._value.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Ignored(f'{name} is not a whole number')
        return value

    def whole_or_none(self, name: str) -> int | None:
        return None if self._value.get(name) is None else self.whole(name)

    def is_null(self, name: str) -> bool:
        return self._value.get(name) is None

    def is_true(self, name: str) -> bool:
        return self._value.get(name) is True

    def child(self, name: str) -> 'Fields':
        """The object under this name; an empty one if there is none (some servers put texts into empty slots)."""
        value = self._value.get(name)
        return Fields(value if isinstance(value, Mapping) else {})

    def children(self, name: str) -> list['Fields']:
        """The objects of a list; entries that are no objects count as empty ones, so that indices hold."""
        values = self._value.get(name)
        return [Fields(v if isinstance(v, Mapping) else {}) for v in values] if isinstance(values, list) else []


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation item, reduced to what a transcript shows."""

    id: str
    speaker: Speaker
    status: str | None
    """`in_progress`, `completed`, `incomplete`, or `None` where the service gives none (outputs of functions)."""
    texts: dict[int, str] = field(default_factory=dict)
    """Non-empty texts by content index."""
    images: tuple[str, ...] = ()
    """Pictures that may be shown, as `data:` URLs."""
    spoken: bool = False
    call_id: str | None = None


def read_item(item: Fields) -> Item:
    """Read a conversation item; raises `Ignored` for an unknown type or role."""
    kind = item.text('type')
    parts = item.children('content')
    if kind == 'message':
        speaker, texts = _role(item), {index: part_text(part) for index, part in enumerate(parts)}
    elif kind in TOOL_TEXTS:
        speaker, texts = Speaker.TOOL, TOOL_TEXTS[kind](item)
    else:
        raise Ignored(f'unknown type of item: {kind}')
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
    """The words of a content part: `text` if written, `transcript` if spoken."""
    return part.text_or_none('text') or part.text_or_none('transcript')


def _image(part: Fields) -> str | None:
    """The picture of a content part. One from another address is not shown: fetching it would tell who looks at it."""
    url = part.text_or_none('image_url') if part.text_or_none('type') == 'input_image' else None
    return url if url and IMAGE.fullmatch(url) else None


def error_text(error: Fields) -> str | None:
    """What an error object says to people, or at least its code."""
    return error.text_or_none('message') or error.text_or_none('code') or error.text_or_none('type')


def _role(item: Fields) -> Speaker:
    role = item.text('role')
    if role not in {Speaker.USER, Speaker.ASSISTANT, Speaker.SYSTEM}:
        raise Ignored(f'unknown role: {role}')
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


TOOL_TEXTS: dict[str, Callable[[Fields], dict[int, str | None]]] = {
    'function_call': _call,
    'function_call_output': _call_output,
    'mcp_call': _mcp_call,
    'mcp_list_tools': _mcp_tools,
    'mcp_approval_request': _call,
    'mcp_approval_response': _mcp_approval,
}
