"""The items of a conversation as clients write them."""

import base64
import binascii
import re
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .items import FunctionCall, FunctionCallOutput, Message, Part, Phase, Role, Status
from .wire import new_id
from .wire_model import Array, WireModel


def decode_sound(audio: object) -> object:
    """Decode base64. Leaves values of other types to pydantic's own check."""
    if not isinstance(audio, str):
        return audio
    try:
        return binascii.a2b_base64(audio, strict_mode=True)
    except ValueError as problem:
        raise PydanticCustomError('sound', f'Expected sound in base64 ({problem})') from problem


def _check_picture(url: str) -> str:
    """Check that a data URI holds a picture of the type that it names. Its size is bounded by the transport."""
    head = _DATA_URI.match(url)
    if head is None:
        kinds = ', '.join(_SIGNATURES)
        raise PydanticCustomError('picture', f'Expected a data URI such as data:image/png;base64,... of {kinds}')
    try:
        picture = base64.b64decode(url[head.end() :], validate=True)
    except ValueError as problem:
        raise PydanticCustomError('picture', f'Expected base64 ({problem})') from problem
    if not _SIGNATURES[head['kind']].match(picture):
        raise PydanticCustomError('picture', f'The data is not a {head["kind"]} image')
    return url


_SIGNATURES = {
    'png': re.compile(rb'\x89PNG\r\n\x1a\n'),
    'jpeg': re.compile(rb'\xff\xd8\xff'),
    'webp': re.compile(rb'RIFF....WEBP', re.DOTALL),
    'gif': re.compile(rb'GIF8[79]a'),
}
_DATA_URI = re.compile(f'data:image/(?P<kind>{"|".join(_SIGNATURES)});base64,')


class _PartInput(WireModel):
    """A part as a client writes it. The `openai` package has one type for all kinds of parts."""

    ignored_if_null: ClassVar = frozenset({'text', 'audio', 'transcript', 'image_url', 'detail'})


class _InputText(_PartInput):
    type: Literal['input_text']
    text: str

    def part(self) -> Part:
        return Part(self.type, self.text)


class _InputAudio(_PartInput):
    type: Literal['input_audio']
    audio: Annotated[bytes, BeforeValidator(decode_sound)]
    transcript: str | None = None

    def part(self) -> Part:
        return Part(self.type, self.transcript)


class _InputImage(_PartInput):
    type: Literal['input_image']
    image_url: Annotated[str, AfterValidator(_check_picture)]
    detail: Literal['auto', 'low', 'high'] | None = None

    def part(self) -> Part:
        return Part(self.type, self.image_url, detail=self.detail)


class _OutputText(_PartInput):
    type: Literal['output_text']
    text: str

    def part(self) -> Part:
        return Part(self.type, self.text)


class _ItemInput(WireModel):
    id: Annotated[str, Field(min_length=1, max_length=32)] = Field(default_factory=lambda: new_id('item'))
    object: Literal['realtime.item'] = 'realtime.item'
    status: Status = 'completed'


class _MessageInput(_ItemInput):
    type: Literal['message']
    role: Role
    content: Array[_InputText | _InputAudio | _InputImage | _OutputText]

    def item(self) -> Message:
        return Message(self.role, [part.part() for part in self.content], id=self.id)


class _SystemMessage(_MessageInput):
    role: Literal['system']
    content: Array[_InputText]


class _UserMessage(_MessageInput):
    role: Literal['user']
    content: Array[Annotated[_InputText | _InputAudio | _InputImage, Field(discriminator='type')]]


class _AssistantMessage(_MessageInput):
    role: Literal['assistant']
    content: Array[_OutputText]
    phase: Phase | None = None

    def item(self) -> Message:
        return replace(super().item(), phase=self.phase)


class _FunctionCallInput(_ItemInput):
    type: Literal['function_call']
    name: str
    call_id: str = Field(default_factory=lambda: new_id('call'))
    arguments: str

    def item(self) -> FunctionCall:
        return FunctionCall(self.name, self.call_id, self.arguments, id=self.id)


class _FunctionCallOutputInput(_ItemInput):
    type: Literal['function_call_output']
    call_id: str
    output: str

    def item(self) -> FunctionCallOutput:
        return FunctionCallOutput(self.call_id, self.output, self.id)


class ItemReference(WireModel):
    """An item of the conversation, in the input of a response."""

    type: Literal['item_reference']
    id: str


_AnyMessage: TypeAlias = Annotated[_SystemMessage | _UserMessage | _AssistantMessage, Field(discriminator='role')]
ItemInput: TypeAlias = Annotated[
    _AnyMessage | _FunctionCallInput | _FunctionCallOutputInput, Field(discriminator='type')
]
ContextInput: TypeAlias = Annotated[
    _AnyMessage | _FunctionCallInput | _FunctionCallOutputInput | ItemReference, Field(discriminator='type')
]
