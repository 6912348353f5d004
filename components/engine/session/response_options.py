"""The options of one response: those of the session, with the client's overrides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from components.engine.protocol.audio_config import AudioOutput
from components.engine.protocol.errors import invalid_value
from components.engine.protocol.item_input import ContextInput, ItemReference
from components.engine.protocol.items import Item
from components.engine.protocol.model_options import MaxOutputTokens, Modality
from components.engine.protocol.response_input import ResponseInput
from components.engine.protocol.session_config import SessionConfig
from components.engine.protocol.tools import ChosenTool, FunctionTool, OfferedTool, ToolChoice

from .conversation import Conversation


@dataclass(frozen=True)
class ResponseOptions:
    """The options of one response.

    `tools` are those that the client offers, `tool_choice` tells which of them may be called. A response that is not
    `in_conversation` ("out of band") leaves no trace in the conversation and may run beside others. `context` is what
    it answers, None for the conversation. `metadata` is the client's own and is shown back. `language` is the user's,
    if known (such as 'en' or 'pt-BR').
    """

    instructions: str
    modality: Modality
    voice: AudioOutput
    tools: tuple[FunctionTool, ...] = ()
    tool_choice: ToolChoice = 'auto'
    max_output_tokens: int | None = None
    in_conversation: bool = True
    context: tuple[Item, ...] | None = None
    metadata: dict[str, str] | None = None
    language: str | None = None

    @classmethod
    def of(cls, config: SessionConfig) -> ResponseOptions:
        """Return the options of the session."""
        return cls(
            instructions=config.instructions,
            modality=config.output_modality,
            voice=config.audio.output,
            language=config.input.transcription.language if config.input.transcription else None,
            tools=_functions(config.tools),
            tool_choice=config.tool_choice,
            max_output_tokens=_token_limit(config.max_output_tokens),
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
        if isinstance(self.tool_choice, ChosenTool):
            return tuple(tool for tool in self.tools if tool.name == self.tool_choice.name)
        return self.tools

    def merged(self, given: ResponseInput, conversation: Conversation) -> ResponseOptions:
        """Return the options with the client's overrides. Raises `RealtimeError` if they do not fit together.

        The `input` may refer to items of the conversation.
        """
        limit = given.max_output_tokens
        options = replace(
            self,
            instructions=self.instructions if given.instructions is None else given.instructions,
            modality=given.output_modalities[0] if given.output_modalities else self.modality,
            voice=self.voice.merged(given.audio.output),
            tools=self.tools if given.tools is None else _functions(given.tools),
            tool_choice=given.tool_choice or self.tool_choice,
            max_output_tokens=self.max_output_tokens if limit is None else _token_limit(limit),
            in_conversation=given.conversation == 'auto',
            context=None if given.input is None else _context(given.input, conversation),
            metadata=given.metadata,
        )
        if isinstance(options.tool_choice, ChosenTool) and not options.callable_tools:
            raise invalid_value('response.tool_choice', 'There is no such function among the tools.')
        return options

    def as_text(self) -> ResponseOptions:
        """Return the same options for an answer in writing."""
        return replace(self, modality='text')


def _token_limit(tokens: MaxOutputTokens) -> int | None:
    return None if tokens == 'inf' else tokens


def _functions(offered: tuple[OfferedTool, ...]) -> tuple[FunctionTool, ...]:
    return tuple(tool.tool() for tool in offered)


def _context(given: tuple[ContextInput, ...], conversation: Conversation) -> tuple[Item, ...]:
    return tuple(
        conversation.referenced(item.id, param=f'response.input[{index}].id')
        if isinstance(item, ItemReference)
        else item.item()
        for index, item in enumerate(given)
    )
