"""The `response` of a client's `response.create`."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from .audio_config import AudioOutput
from .item_input import ContextInput
from .model_options import MaxOutputTokens, Modalities, Reasoning, StoredPrompt
from .tools import OfferedTool, ToolChoice
from .wire_model import Array, WireModel

_MOST_METADATA = 16


def _count_metadata(metadata: object) -> object:
    if isinstance(metadata, dict) and len(metadata) > _MOST_METADATA:
        raise PydanticCustomError('metadata', f'At most {_MOST_METADATA} keys are kept')
    return metadata


_Metadata: TypeAlias = Annotated[
    dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]], BeforeValidator(_count_metadata)
]


class ResponseAudio(WireModel):
    """The sound of one response."""

    output: AudioOutput = AudioOutput()


class ResponseInput(WireModel):
    """The `response` of `response.create`. Fields that are absent or null are as in the session."""

    instructions: str | None = None
    output_modalities: Modalities | None = None
    audio: ResponseAudio = ResponseAudio()
    tools: Array[OfferedTool] | None = None
    tool_choice: ToolChoice | None = None
    max_output_tokens: MaxOutputTokens | None = None
    conversation: Literal['auto', 'none'] = 'auto'
    input: Array[ContextInput] | None = None
    metadata: _Metadata | None = None
    # The engine checks the fields below and does not use them.
    prompt: StoredPrompt | None = None
    reasoning: Reasoning | None = None
    parallel_tool_calls: bool | None = None
