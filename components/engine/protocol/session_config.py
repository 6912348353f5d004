"""What a client may configure: the session object of the Realtime API, typed, with strict partial updates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .audio_config import Audio, AudioInput
from .errors import wrong_session_type
from .fields import Fields
from .model_options import ModelOptions
from .wire import Json, JsonObject

DEFAULT_INSTRUCTIONS = (
    'You are the rehearsal partner of an embedded Realtime engine. Be friendly, brief and honest about what you are.'
)


@dataclass(frozen=True)
class FunctionTool:
    """A function that the client offers to run."""

    name: str
    description: str = ''
    parameters: Json = None

    def wire(self) -> JsonObject:
        return {
            'type': 'function',
            'name': self.name,
            'description': self.description,
            'parameters': self.parameters,
        }


@dataclass(frozen=True)
class SessionConfig:
    """The effective configuration of a session.

    `merged` gives the configuration with the fields that an update names changed, or raises `RealtimeError`: one bad
    field refuses the whole update.
    """

    model: str = 'rehearsal-1'
    instructions: str = DEFAULT_INSTRUCTIONS
    output_modality: str = 'audio'
    audio: Audio = field(default_factory=Audio)
    tools: tuple[FunctionTool, ...] = ()
    tool_choice: Json = 'auto'
    max_output_tokens: int | None = None
    options: ModelOptions = field(default_factory=ModelOptions)

    @classmethod
    def created(cls, given: Fields) -> SessionConfig:
        """The configuration of a new session, from the session object that a client asks for."""
        model = given.text('model', cls.model, longest=LONGEST_NAME)
        config = replace(cls(), model=model).merged(given)
        given.finish()
        return config

    @property
    def input(self) -> AudioInput:
        """What happens to the user's sound."""
        return self.audio.input

    def merged(self, given: Fields) -> SessionConfig:
        if given.choice('type', ('realtime', 'transcription')) == 'transcription':
            raise wrong_session_type('transcription', 'realtime', param=given.name('type'))
        if given.text('model', self.model) != self.model:
            raise given.refuse('model', 'The model of a session cannot be changed.')
        return SessionConfig(
            model=self.model,
            instructions=given.text('instructions', self.instructions) or DEFAULT_INSTRUCTIONS,
            output_modality=read_output_modality(given, self.output_modality),
            audio=given.part('audio', self.audio, self.audio.merged),
            tools=given.parts('tools', read_tool, self.tools),
            tool_choice=read_tool_choice(given, self.tool_choice),
            max_output_tokens=read_max_output_tokens(given, self.max_output_tokens),
            options=self.options.merged(given),
        )

    def wire(self, *, session_id: str, expires_at: int) -> JsonObject:
        """The session object. `expires_at` is a Unix time in seconds, 0 before the session starts."""
        return {
            'type': 'realtime',
            'object': 'realtime.session',
            'id': session_id,
            'model': self.model,
            'output_modalities': [self.output_modality],
            'instructions': self.instructions,
            'tools': [tool.wire() for tool in self.tools],
            'tool_choice': self.tool_choice,
            'max_output_tokens': self.max_output_tokens or 'inf',
            'expires_at': expires_at,
            'audio': self.audio.wire(),
            **self.options.wire(),
        }


def read_output_modality(given: Fields, current: str) -> str:
    """Read `output_modalities`: sound with its transcript, or text; never both."""
    value = given.anything('output_modalities', [current])
    if value not in (['audio'], ['text']):
        raise given.refuse('output_modalities', "Supported values are: ['audio'], ['text'].")
    return 'text' if value == ['text'] else 'audio'


def read_max_output_tokens(given: Fields, current: int | None) -> int | None:
    """Read `max_output_tokens`; 'inf' is None."""
    if given.anything('max_output_tokens', 'inf' if current is None else current) == 'inf':
        return None
    return given.integer('max_output_tokens', current, low=1, high=4096)


def read_tool(given: Fields) -> FunctionTool:
    if given.choice('type', ('function', 'mcp')) == 'mcp':
        raise given.refuse('type', _NO_MCP)
    name = given.text('name', longest=LONGEST_NAME)
    if not _FUNCTION_NAME.fullmatch(name):
        raise given.refuse('name', 'Expected letters, digits, underscores and hyphens.')
    return FunctionTool(
        name=name,
        description=given.optional_text('description', None) or '',
        parameters=given.any_object('parameters') if given.is_set('parameters') else None,
    )


def read_tool_choice(given: Fields, current: Json) -> Json:
    """Read `tool_choice`: a word, or `{"type": "function", "name": ...}`."""
    if not given.has('tool_choice'):
        return current
    if given.is_object('tool_choice'):
        return given.part('tool_choice', None, _read_chosen_tool)
    return given.choice('tool_choice', ('auto', 'none', 'required'))


def _read_chosen_tool(given: Fields) -> JsonObject:
    if given.choice('type', ('function', 'mcp')) == 'mcp':
        raise given.refuse('type', _NO_MCP)
    return {'type': 'function', 'name': given.text('name', longest=LONGEST_NAME)}


LONGEST_NAME = 256
_FUNCTION_NAME = re.compile('[a-zA-Z0-9_-]+')
_NO_MCP = 'This engine calls no MCP servers; offer functions instead.'
