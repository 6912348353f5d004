"""The events that clients send to a session."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter
from pydantic_core import PydanticKnownError

from .item_input import ItemInput, decode_sound
from .reading import read
from .response_input import ResponseInput
from .session_config import ConfigUpdate
from .wire import Json
from .wire_model import WireModel

_LONGEST_AUDIO = 15 * 1024 * 1024  # characters of base64, as with OpenAI
_LARGEST_INTEGER = 2**31 - 1
_Index: TypeAlias = Annotated[int, Field(ge=0, le=_LARGEST_INTEGER)]


def _read_sound(audio: object) -> object:
    if isinstance(audio, str) and len(audio) > _LONGEST_AUDIO:
        raise PydanticKnownError('string_too_long', {'max_length': _LONGEST_AUDIO})
    return decode_sound(audio)


class _ClientEvent(WireModel):
    event_id: str | None = None


class UpdateSession(_ClientEvent):
    """Changes the fields of the session that it names."""

    type: Literal['session.update']
    session: ConfigUpdate


class AppendInput(_ClientEvent):
    """Adds sound to the input, in the session's input format."""

    type: Literal['input_audio_buffer.append']
    audio: Annotated[bytes, BeforeValidator(_read_sound)]


class CommitInput(_ClientEvent):
    """Makes the sound that was appended a message of the user."""

    type: Literal['input_audio_buffer.commit']


class ClearInput(_ClientEvent):
    """Discards the sound that was appended."""

    type: Literal['input_audio_buffer.clear']


class ClearOutput(_ClientEvent):
    """Stops the sound that is being played."""

    type: Literal['output_audio_buffer.clear']


class CreateItem(_ClientEvent):
    """Adds an item to the conversation, after the one that it names, first (`root`) or last."""

    type: Literal['conversation.item.create']
    previous_item_id: str | None = None
    item: ItemInput


class RetrieveItem(_ClientEvent):
    """Asks for an item of the conversation."""

    type: Literal['conversation.item.retrieve']
    item_id: str


class TruncateItem(_ClientEvent):
    """Removes the end of a spoken answer, which the user has not heard."""

    type: Literal['conversation.item.truncate']
    item_id: str
    content_index: _Index = 0
    audio_end_ms: _Index


class DeleteItem(_ClientEvent):
    """Removes an item from the conversation."""

    type: Literal['conversation.item.delete']
    item_id: str


class CreateResponse(_ClientEvent):
    """Asks for an answer."""

    type: Literal['response.create']
    response: ResponseInput | None = None


class CancelResponse(_ClientEvent):
    """Stops the response that it names, or that of the conversation."""

    type: Literal['response.cancel']
    response_id: str | None = None


ClientEvent: TypeAlias = (
    UpdateSession
    | AppendInput
    | CommitInput
    | ClearInput
    | ClearOutput
    | CreateItem
    | RetrieveItem
    | TruncateItem
    | DeleteItem
    | CreateResponse
    | CancelResponse
)


def read_event(given: Json) -> ClientEvent:
    """Read a client event. Raises `RealtimeError`."""
    return read(_EVENT, given)


_EVENT: TypeAdapter[ClientEvent] = TypeAdapter(Annotated[ClientEvent, Field(discriminator='type')])
