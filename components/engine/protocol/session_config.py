"""The session object of the Realtime API: of a conversation, and of a session that only transcribes."""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, TypeAdapter

from components.engine.hearing.turn_detector import TurnDetection

from .audio_config import Audio, AudioInput
from .errors import RealtimeError, invalid_value, wrong_session_type
from .model_options import (
    Include,
    MaxOutputTokens,
    Modalities,
    Modality,
    Reasoning,
    StoredPrompt,
    Tracing,
    Truncation,
)
from .reading import read
from .tools import Name, OfferedTool, ToolChoice
from .wire import Json, JsonObject
from .wire_model import Array, Section

DEFAULT_MODEL = 'rehearsal-1'
DEFAULT_INSTRUCTIONS = (
    'You are the rehearsal partner of an embedded Realtime engine. Be friendly, brief and honest about what you are.'
)


class SessionConfig(Section):
    """The configuration of a conversation, or an update of it. An update is refused as a whole for one bad field."""

    hidden_if_null: ClassVar = frozenset({'reasoning', 'parallel_tool_calls'})

    type: Literal['realtime'] = 'realtime'
    model: Name = DEFAULT_MODEL
    instructions: Annotated[str, AfterValidator(lambda text: text or DEFAULT_INSTRUCTIONS)] = DEFAULT_INSTRUCTIONS
    output_modalities: Modalities = ('audio',)
    audio: Audio = Audio()
    tools: Array[OfferedTool] = ()
    tool_choice: ToolChoice = 'auto'
    max_output_tokens: MaxOutputTokens = 'inf'
    # The engine does not use the fields below. It keeps them for the client.
    truncation: Truncation = 'auto'
    tracing: Tracing | None = None
    prompt: StoredPrompt | None = None
    include: Include | None = None
    reasoning: Reasoning | None = None
    parallel_tool_calls: bool | None = None

    @property
    def input(self) -> AudioInput:
        """The stages that process the user's sound."""
        return self.audio.input

    @property
    def turn_detection(self) -> TurnDetection | None:
        """How the user's turns are detected, or None if the client commits them."""
        return self.input.turn_detection.detection() if self.input.turn_detection else None

    @property
    def output_modality(self) -> Modality:
        """Whether answers are sound with a transcript, or text."""
        return self.output_modalities[0]

    def merged(self, update: 'AnyConfig') -> Self:
        """Return the configuration after a `session.update`. Raises `RealtimeError`."""
        if not isinstance(update, SessionConfig):
            raise wrong_session_type('transcription', 'realtime')
        if 'model' in update.model_fields_set and update.model != self.model:
            raise invalid_value('session.model', 'The model of a session cannot be changed.')
        if 'tracing' in update.model_fields_set and self.tracing not in (None, update.tracing):
            raise invalid_value('session.tracing', 'Tracing cannot be changed once it is enabled.')
        return self._apply(update)

    def session(self, *, id: str, expires_at: int) -> JsonObject:
        """Return the session object. `expires_at` is a Unix time in seconds, 0 before the session starts."""
        return {**self.wire(), 'object': 'realtime.session', 'id': id, 'expires_at': expires_at}


class TranscriptionAudio(Section):
    """The sound of a session that only listens."""

    input: AudioInput = AudioInput()


class TranscriptionConfig(Section):
    """The configuration of a session that makes no responses, or an update of it.

    It has no model of its own: `input.transcription` names the one that transcribes. Without it nothing is transcribed.
    """

    type: Literal['transcription'] = 'transcription'
    audio: TranscriptionAudio = TranscriptionAudio()
    include: Include | None = None

    @property
    def input(self) -> AudioInput:
        """The stages that process the user's sound."""
        return self.audio.input

    @property
    def turn_detection(self) -> TurnDetection | None:
        """How the user's turns are detected, or None if the client commits them. It never causes a response."""
        turns = self.input.turn_detection
        return turns.model_copy(update=_WITHOUT_RESPONSES).detection() if turns else None

    def merged(self, update: 'AnyConfig') -> Self:
        """Return the configuration after a `session.update`. Raises `RealtimeError`."""
        if not isinstance(update, TranscriptionConfig):
            raise wrong_session_type('realtime', 'transcription')
        merged = self._apply(update)
        transcription = merged.input.transcription
        if transcription is None or transcription.model not in _WITHOUT_DETECTION:
            return merged
        if 'turn_detection' in update.input.model_fields_set and update.input.turn_detection:
            reason = 'Turn detection is not supported for this transcription model.'
            raise RealtimeError(reason, code='invalid_value', param='session.audio.input.turn_detection')
        without_detection = merged.input.model_copy(update={'turn_detection': None})
        return merged.model_copy(update={'audio': TranscriptionAudio(input=without_detection)})

    def session(self, *, id: str, expires_at: int) -> JsonObject:
        """Return the session object. `expires_at` is a Unix time in seconds, 0 before the session starts."""
        audio = self.input.wire()
        if isinstance(turns := audio['turn_detection'], dict):
            audio['turn_detection'] = {name: turns[name] for name in turns if name not in _WITHOUT_RESPONSES}
        about: JsonObject = {'object': 'realtime.transcription_session', 'id': id, 'expires_at': expires_at}
        return {**self.wire(), **about, 'audio': {'input': audio}}


# The fields of turn detection that are about responses. They are checked, as in OpenAI's types, and have no effect.
_WITHOUT_RESPONSES = {'create_response': False, 'interrupt_response': False, 'idle_timeout_ms': None}
# These models transcribe while the user speaks and need a client that commits. OpenAI refuses turn detection with them.
_WITHOUT_DETECTION = ('gpt-live-transcribe', 'gpt-realtime-whisper')

AnyConfig: TypeAlias = SessionConfig | TranscriptionConfig
ConfigUpdate: TypeAlias = Annotated[AnyConfig, Field(discriminator='type')]


def new_config(asked: AnyConfig) -> AnyConfig:
    """Return the configuration of a new session, from the session object that a client asks for.

    Raises `RealtimeError` if its fields do not fit together.
    """
    if isinstance(asked, SessionConfig):
        return SessionConfig(model=asked.model).merged(asked)
    return TranscriptionConfig().merged(asked)


def read_config(given: Json) -> AnyConfig:
    """Return the configuration of a new session, from the JSON of a session object. Raises `RealtimeError`."""
    return new_config(read(_CONFIG, given, 'session'))


def laid_over(config: AnyConfig, given: Json) -> AnyConfig:
    """Return the configuration of a key with the fields of the session object that its call brings.

    LiteLLM sends the type and the model alone, which must not undo what the key was minted with. Raises
    `RealtimeError`.
    """
    asked = read(_CONFIG, given, 'session')
    if isinstance(config, SessionConfig) and isinstance(asked, SessionConfig) and 'model' in asked.model_fields_set:
        config = config.model_copy(update={'model': asked.model})
    return config.merged(asked)


_CONFIG: TypeAdapter[AnyConfig] = TypeAdapter(ConfigUpdate)
