"""Options for the language model behind a session: checked as OpenAI does, kept, and shown back."""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field
from pydantic_core import PydanticCustomError

from .wire import Json
from .wire_model import EITHER, OBJECT, PLAIN, Array, Section, WireModel


class Reasoning(Section):
    """How much a reasoning model thinks before it answers."""

    effort: Literal['minimal', 'low', 'medium', 'high', 'xhigh'] = 'low'  # OpenAI's default


class StoredPrompt(WireModel):
    """A prompt that is stored with OpenAI."""

    id: str
    version: str | None = None
    variables: dict[str, Any] | None = None


class Trace(WireModel):
    """How the session's trace is labelled."""

    hidden_if_null: ClassVar = frozenset({'workflow_name', 'group_id', 'metadata'})

    workflow_name: str | None = None
    group_id: str | None = None
    metadata: dict[str, Any] | None = None


class TokenLimits(WireModel):
    """How many tokens of the conversation are kept."""

    hidden_if_null: ClassVar = frozenset({'post_instructions'})

    post_instructions: Annotated[int, Field(ge=1)] | None = None


class RetentionRatio(WireModel):
    """Which share of a conversation that has grown too long is kept."""

    hidden_if_null: ClassVar = frozenset({'token_limits'})

    type: Literal['retention_ratio']
    retention_ratio: Annotated[float, Field(ge=0, le=1)]
    token_limits: TokenLimits | None = None


def _check_modalities(modalities: Json) -> Json:
    if modalities not in (['audio'], ['text'], ('audio',), ('text',)):
        raise PydanticCustomError('modalities', "Supported values are: ['audio'], ['text']")
    return modalities


Modality: TypeAlias = Literal['audio', 'text']
Modalities: TypeAlias = Annotated[Array[Modality], BeforeValidator(_check_modalities)]
Tracing: TypeAlias = Annotated[Annotated[Literal['auto'], PLAIN] | Annotated[Trace, OBJECT], EITHER]
Truncation: TypeAlias = Annotated[
    Annotated[Literal['auto', 'disabled'], PLAIN] | Annotated[RetentionRatio, OBJECT], EITHER
]
MaxOutputTokens: TypeAlias = Annotated[
    Annotated[Literal['inf'], PLAIN] | Annotated[int, Field(ge=1, le=4096), OBJECT],
    Discriminator(lambda value: PLAIN.tag if value == 'inf' else OBJECT.tag),
]
Include: TypeAlias = Annotated[Array[Literal['item.input_audio_transcription.logprobs']], Field(max_length=1)]
