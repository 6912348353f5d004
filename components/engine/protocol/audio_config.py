"""The sound part of a session's configuration: `session.audio` of the Realtime API."""

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer
from pydantic_core import PydanticCustomError

from components.engine.hearing.turn_detector import TurnDetection
from components.engine.speech.synthesis.voices import VOICES

from .errors import missing_parameter, unknown_parameter
from .transcription import Transcription
from .wire import Json
from .wire_model import Section, WireModel

AudioFormat: TypeAlias = Literal['audio/pcm', 'audio/pcmu', 'audio/pcma']


class PcmFormat(WireModel):
    """Mono s16 at 24 kHz, the only rate of the Realtime API."""

    type: Literal['audio/pcm'] = 'audio/pcm'
    rate: Annotated[int, Field(ge=24_000, le=24_000)] = 24_000


class G711Format(WireModel):
    """G.711 at 8 kHz, μ-law or A-law."""

    type: Literal['audio/pcmu', 'audio/pcma']


Format: TypeAlias = Annotated[PcmFormat | G711Format, Field(discriminator='type')]


class NoiseReduction(Section):
    """Kept for the client, without effect: the engine's recogniser and voice detection take the sound as it comes."""

    type: Literal['near_field', 'far_field'] = 'near_field'
    strength: Annotated[float, Field(ge=0, le=1)] = 1.0


class TurnDetectionConfig(Section):
    """Both kinds of `turn_detection` in one: `server_vad` and `semantic_vad`. Times are milliseconds."""

    type: Literal['server_vad', 'semantic_vad'] = 'server_vad'
    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    prefix_padding_ms: Annotated[int, Field(ge=0, le=5_000)] = 300
    silence_duration_ms: Annotated[int, Field(ge=0, le=10_000)] = 500
    idle_timeout_ms: Annotated[int, Field(ge=5_000, le=30_000)] | None = None  # OpenAI's bounds
    eagerness: Literal['auto', 'low', 'medium', 'high'] = 'auto'
    create_response: bool = True
    interrupt_response: bool = True

    def merged(self, update: Self) -> Self:
        """Return a copy with the fields of the update. A new type brings its own defaults.

        Raises `RealtimeError` (`unknown_parameter`) for fields of the other type.
        """
        named = update.model_fields_set
        kind = update.type if 'type' in named else self.type
        for name in type(self).model_fields:
            if name in named and name not in _FIELDS[kind]:
                raise unknown_parameter(f'{_TURN_DETECTION}.{name}')
        current = self if kind == self.type else type(self)(type=kind)
        return current._apply(update)

    def completed(self) -> Self:
        """Return this update of a turn detection that was off. Raises `RealtimeError` if it names no type."""
        if 'type' not in self.model_fields_set:
            raise missing_parameter(f'{_TURN_DETECTION}.type')
        return super().completed()

    @model_serializer(mode='wrap')
    def _serialize(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS[self.type]}

    def detection(self) -> TurnDetection:
        """Return the parameters of the engine's turn detector."""
        fields = {name: getattr(self, name) for name in type(self).model_fields if name != 'type'}
        return TurnDetection(kind=self.type, **fields)


_TURN_DETECTION = 'session.audio.input.turn_detection'
_FIELDS = {
    'server_vad': (
        'type',
        'threshold',
        'prefix_padding_ms',
        'silence_duration_ms',
        'idle_timeout_ms',
        'create_response',
        'interrupt_response',
    ),
    'semantic_vad': ('type', 'eagerness', 'create_response', 'interrupt_response'),
}


class AudioInput(Section):
    """The stages that process the user's sound. `null` turns one off."""

    format: Format = PcmFormat()
    transcription: Transcription | None = None
    noise_reduction: NoiseReduction | None = None
    turn_detection: TurnDetectionConfig | None = TurnDetectionConfig()


class _CustomVoice(WireModel):
    id: str


def _check_voice(voice: Json) -> Json:
    if isinstance(voice, dict):
        _CustomVoice.model_validate(voice)
        reason = f'This engine has no custom voices. Supported values are: {", ".join(VOICES)}'
        raise PydanticCustomError('voice', reason)
    if isinstance(voice, str) and voice not in VOICES:
        supported = ', '.join(f"'{name}'" for name in VOICES)
        raise PydanticCustomError('voice', f"'{voice:.200}'. Supported values are: {supported}")
    return voice


Voice: TypeAlias = Annotated[str, BeforeValidator(_check_voice)]


class AudioOutput(Section):
    """How the engine speaks. `speed` 1.0 is the voice's own pace."""

    format: Format = PcmFormat()
    voice: Voice = 'marin'
    speed: Annotated[float, Field(ge=0.25, le=1.5)] = 1.0


class Audio(Section):
    """Both directions."""

    input: AudioInput = AudioInput()
    output: AudioOutput = AudioOutput()
