"""The interface between a session and any mind, be it a few rules or a large language model."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from components.engine.protocol.items import Item, Message
from components.engine.protocol.tools import FunctionTool


@dataclass(frozen=True)
class Utterance:
    """One thing said in a conversation."""

    speaker: Literal['user', 'assistant', 'system']
    text: str


@dataclass(frozen=True)
class Prompt:
    """The prompt for a mind: the conversation so far, and the instructions for it.

    `tools` are the functions that the mind may call now; with `must_call` it has to call one. `max_tokens` is None if
    the answer may have any length.
    """

    items: tuple[Item, ...]
    instructions: str = ''
    tools: tuple[FunctionTool, ...] = ()
    must_call: bool = False
    max_tokens: int | None = None

    @property
    def utterances(self) -> list[Utterance]:
        """The messages of the conversation. Speech that was not understood is an utterance without words."""
        return [Utterance(item.role, item.text) for item in self.items if isinstance(item, Message)]


@dataclass(frozen=True)
class CallPiece:
    """A piece of a function call. Pieces with the same `call_id` are one call; their joined `arguments` are JSON."""

    name: str
    call_id: str
    arguments: str = ''


Piece: TypeAlias = str | CallPiece
CutReason: TypeAlias = Literal['max_output_tokens', 'content_filter']


class MindError(Exception):
    """No answer could be found. The message is for the user: a plain sentence and a next step."""


class CutShort(Exception):
    """The answer ends here, although it is not complete."""

    def __init__(self, reason: CutReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Mind(Protocol):
    """Finds answers."""

    def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Answer in pieces of any size. The pieces of text, joined, are what is said.

        Closing the generator ends the work on the answer.

        Raises:
            MindError: No answer could be found.
            CutShort: The answer is not complete. This follows its last piece.
        """
        ...


@runtime_checkable
class QuickMind(Mind, Protocol):
    """A mind whose answers may cost next to nothing."""

    def draft(self, prompt: Prompt) -> AsyncGenerator[Piece, None] | None:
        """Answer as `answer` does, if that costs so little that perhaps nobody wants it. None if it costs more."""
        ...


@runtime_checkable
class PreparableMind(Mind, Protocol):
    """A mind that can work ahead."""

    def prepare(self, prompt: Prompt) -> None:
        """Work ahead on a conversation whose next answer is to come, as long as nothing else is to be done."""
