"""How one response differs from what the session says: the `response` of `response.create`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.engine.session.conversation import Conversation

from .audio_config import AudioOutput
from .fields import Fields
from .items import Item, read_item
from .model_options import ModelOptions
from .session_config import (
    FunctionTool,
    SessionConfig,
    read_max_output_tokens,
    read_output_modality,
    read_tool,
    read_tool_choice,
)
from .wire import Json, JsonObject


@dataclass(frozen=True)
class ResponseOptions:
    """What one response shall be like.

    `tools` are those that the client offers, `tool_choice` which of them may be called, as the service has it. Out of
    band (`in_conversation` false) it leaves no trace in the conversation and may run beside others. `context` is what
    it answers, None for the conversation. `metadata` is the client's own, shown back.
    """

    instructions: str
    modality: str
    voice: AudioOutput
    tools: tuple[FunctionTool, ...] = ()
    tool_choice: Json = 'auto'
    max_output_tokens: int | None = None
    in_conversation: bool = True
    context: tuple[Item, ...] | None = None
    metadata: JsonObject | None = None

    @classmethod
    def of(cls, config: SessionConfig) -> ResponseOptions:
        """As the session has it."""
        return cls(
            instructions=config.instructions,
            modality=config.output_modality,
            voice=config.audio.output,
            tools=config.tools,
            tool_choice=config.tool_choice,
            max_output_tokens=config.max_output_tokens,
        )

    @property
    def must_call(self) -> bool:
        """Whether the answer has to be a function call."""
        return self.tool_choice not in ('auto', 'none') and bool(self.callable_tools)

    @property
    def callable_tools(self) -> tuple[FunctionTool, ...]:
        """The tools that the answer may call."""
        if self.tool_choice == 'none':
            return ()
        if isinstance(self.tool_choice, dict):
            return tuple(tool for tool in self.tools if tool.name == self.tool_choice.get('name'))
        return self.tools

    def merged(self, given: Fields, conversation: Conversation) -> ResponseOptions:
        """The options with the overrides of a client, whose `input` may refer to the conversation's items."""
        ModelOptions().overridden(given)
        options = ResponseOptions(
            instructions=given.text('instructions', self.instructions),
            modality=read_output_modality(given, self.modality),
            voice=given.part('audio', self.voice, self._read_audio),
            tools=given.parts('tools', read_tool, self.tools),
            tool_choice=read_tool_choice(given, self.tool_choice),
            max_output_tokens=read_max_output_tokens(given, self.max_output_tokens),
            in_conversation=given.choice('conversation', ('auto', 'none'), 'auto') == 'auto',
            context=given.optional_parts('input', lambda item: _read_input(item, conversation)),
            metadata=given.optional_part('metadata', self.metadata, _read_metadata),
        )
        if isinstance(options.tool_choice, dict) and not options.callable_tools:
            raise given.refuse('tool_choice', 'There is no such function among the tools.')
        return options

    def _read_audio(self, given: Fields) -> AudioOutput:
        return given.part('output', self.voice, self.voice.merged)

    def as_text(self) -> ResponseOptions:
        """The same for an answer in writing."""
        return replace(self, modality='text')


def _read_input(given: Fields, conversation: Conversation) -> Item:
    if given.anything('type', None) == 'item_reference':
        return conversation.get(given.text('id'), param=given.name('id'))
    return read_item(given)


def _read_metadata(given: Fields) -> JsonObject:
    metadata: JsonObject = {}
    for name in given.names():
        if len(name) > _LONGEST_METADATA_KEY or len(metadata) == _MOST_METADATA:
            raise given.refuse(name, 'At most 16 keys of at most 64 characters are kept.')
        metadata[name] = given.text(name, longest=_LONGEST_METADATA)
    return metadata


_MOST_METADATA = 16
_LONGEST_METADATA_KEY = 64
_LONGEST_METADATA = 512
