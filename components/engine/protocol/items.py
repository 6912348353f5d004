"""The items of a conversation."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from .wire import JsonObject, new_id

Role: TypeAlias = Literal['system', 'user', 'assistant']
PartKind: TypeAlias = Literal['input_text', 'input_audio', 'input_image', 'output_text', 'output_audio']
Status: TypeAlias = Literal['in_progress', 'completed', 'incomplete']

Phase: TypeAlias = Literal['commentary', 'final_answer']


@dataclass
class Part:
    """A piece of a message's content. `text` is the text, the transcript (None until it is known), or the image's URL.

    `milliseconds` is the duration of a spoken part, `detail` the resolution at which a model should look at an image.
    `sentence_ends` tells where the finished sentences of a spoken answer end, in characters and in milliseconds.
    """

    kind: PartKind
    text: str | None
    milliseconds: int = 0
    detail: str | None = None
    sentence_ends: list[tuple[int, int]] = field(default_factory=list, repr=False, compare=False)

    @property
    def spoken(self) -> bool:
        """Whether this part is speech."""
        return self.kind in ('input_audio', 'output_audio')

    def wire(self) -> JsonObject:
        """Return the part as clients see it."""
        key = 'transcript' if self.spoken else 'image_url' if self.kind == 'input_image' else 'text'
        detail: JsonObject = {} if self.detail is None else {'detail': self.detail}
        return {'type': self.kind, key: self.text, **detail}


@dataclass(eq=False)
class Message:
    """Something said or written. `phase` tells a reasoning model what a message of the assistant was."""

    role: Role
    content: list[Part] = field(default_factory=list)
    status: Status = 'completed'
    id: str = field(default_factory=lambda: new_id('item'))
    phase: Phase | None = None

    @property
    def text(self) -> str:
        """All words of the message."""
        return ' '.join(part.text for part in self.content if part.text and part.kind != 'input_image')

    def wire(self) -> JsonObject:
        """Return the item as clients see it."""
        return {
            'id': self.id,
            'type': 'message',
            'status': self.status,
            'role': self.role,
            'content': [part.wire() for part in self.content],
            **({} if self.phase is None else {'phase': self.phase}),
        }


@dataclass(eq=False)
class FunctionCall:
    """A call of one of the client's functions. `arguments` is JSON, incomplete while the call is being made."""

    name: str
    call_id: str
    arguments: str = ''
    status: Status = 'completed'
    id: str = field(default_factory=lambda: new_id('item'))

    @property
    def text(self) -> str:
        """The call as a line of code."""
        return f'{self.name}({self.arguments})'

    def wire(self) -> JsonObject:
        """Return the item as clients see it."""
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
    """The result of a function call."""

    call_id: str
    output: str
    id: str = field(default_factory=lambda: new_id('item'))

    @property
    def text(self) -> str:
        """The result."""
        return self.output

    def wire(self) -> JsonObject:
        """Return the item as clients see it."""
        return {'id': self.id, 'type': 'function_call_output', 'call_id': self.call_id, 'output': self.output}


Item: TypeAlias = Message | FunctionCall | FunctionCallOutput


def size_of(item: Item) -> int:
    """Return how many characters an item holds."""
    match item:
        case Message():
            return sum(len(part.text or '') for part in item.content)
        case FunctionCall():
            return len(item.name) + len(item.arguments)
        case FunctionCallOutput():
            return len(item.output)
