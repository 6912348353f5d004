"""The items of a conversation, as the Realtime API has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from .fields import Fields
from .ids import new_id
from .images import read_image_url
from .wire import JsonObject

PartKind: TypeAlias = Literal['input_text', 'input_audio', 'input_image', 'output_text', 'output_audio']
Status: TypeAlias = Literal['in_progress', 'completed', 'incomplete']


@dataclass
class Part:
    """A piece of a message's content. `text` is the text, the transcript (None until it is known), or the image's URL.

    `milliseconds` is how long a spoken part lasts, `detail` how closely an image is to be looked at.
    """

    kind: PartKind
    text: str | None
    milliseconds: int = 0
    detail: str | None = None

    @property
    def spoken(self) -> bool:
        return self.kind in ('input_audio', 'output_audio')

    def wire(self) -> JsonObject:
        key = 'transcript' if self.spoken else 'image_url' if self.kind == 'input_image' else 'text'
        detail: JsonObject = {} if self.detail is None else {'detail': self.detail}
        return {'type': self.kind, key: self.text, **detail}


@dataclass(eq=False)
class Message:
    """Something said or written."""

    role: Literal['system', 'user', 'assistant']
    content: list[Part] = field(default_factory=list)
    status: Status = 'completed'
    id: str = field(default_factory=lambda: new_id('item'))

    @property
    def text(self) -> str:
        return ' '.join(part.text for part in self.content if part.text and part.kind != 'input_image')

    def wire(self) -> JsonObject:
        return {
            'id': self.id,
            'type': 'message',
            'status': self.status,
            'role': self.role,
            'content': [part.wire() for part in self.content],
        }


@dataclass(eq=False)
class FunctionCall:
    """A call of one of the client's functions. `arguments` is JSON, or the begin of it while the call is made."""

    name: str
    call_id: str
    arguments: str = ''
    status: Status = 'completed'
    id: str = field(default_factory=lambda: new_id('item'))

    @property
    def text(self) -> str:
        return f'{self.name}({self.arguments})'

    def wire(self) -> JsonObject:
        return {
            'id': self.id,
            'type': 'function_call',
            'status': self.status,
            'name': self.name,
            'call_id': self.call_id,
            'arguments': self.arguments,
        }


@dataclass(eq=False)
class FunctionCallOutput:
    """What such a call gave."""

    call_id: str
    output: str
    id: str = field(default_factory=lambda: new_id('item'))

    @property
    def text(self) -> str:
        return self.output

    def wire(self) -> JsonObject:
        return {'id': self.id, 'type': 'function_call_output', 'call_id': self.call_id, 'output': self.output}


Item: TypeAlias = Message | FunctionCall | FunctionCallOutput


def size_of(item: Item) -> int:
    """How many characters an item holds."""
    match item:
        case Message():
            return sum(len(part.text or '') for part in item.content)
        case FunctionCall():
            return len(item.name) + len(item.arguments)
        case FunctionCallOutput():
            return len(item.output)


def read_item(given: Fields) -> Item:
    """Read an item that a client adds. Raises `RealtimeError`."""
    kind = given.choice('type', ('message', 'function_call', 'function_call_output'))
    given.choice('object', ('realtime.item',), 'realtime.item')
    given.choice('status', ('in_progress', 'completed', 'incomplete'), 'completed')
    id = given.text('id', new_id('item'), longest=_LONGEST_ID)
    if not id:
        raise given.refuse('id', 'Expected a name, but got an empty string.')
    if kind == 'function_call':
        call_id = given.text('call_id', new_id('call'))
        return FunctionCall(given.text('name'), call_id, given.text('arguments'), id=id)
    if kind == 'function_call_output':
        return FunctionCallOutput(given.text('call_id'), given.text('output'), id)
    role = cast(Literal['system', 'user', 'assistant'], given.choice('role', tuple(_PARTS)))
    return Message(role, list(given.parts('content', lambda part: _read_part(part, role))), id=id)


def _read_part(given: Fields, role: str) -> Part:
    kind = cast(PartKind, given.choice('type', _PARTS[role]))
    if kind == 'input_image':
        detail = given.choice('detail', ('auto', 'low', 'high'), 'auto') if given.is_set('detail') else None
        return Part(kind, read_image_url(given), detail=detail)
    if kind == 'input_audio':
        given.sound('audio')
        return Part(kind, given.optional_text('transcript', None))
    return Part(kind, given.text('text'))


# Which parts a client may write in whose name.
_PARTS: dict[str, tuple[str, ...]] = {
    'system': ('input_text',),
    'user': ('input_text', 'input_audio', 'input_image'),
    'assistant': ('output_text',),
}
_LONGEST_ID = 32
