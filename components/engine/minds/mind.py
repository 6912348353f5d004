"""What answers: the interface between a session and any mind, whether small rules or a large language model."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from components.engine.protocol.items import Item, Message
from components.engine.protocol.tools import FunctionTool


@dataclass(frozen=True)
class Utterance:
    """One thing said in a conversation."""

    speaker: Literal['user', 'assistant', 'system']
    text: str


@dataclass(frozen=True)
class Prompt:
    """All that a mind has to go by.

    `tools` are the functions that it may call now; with `must_call` it has to call one. `max_tokens` is None where an
    answer may be as long as it likes.
    """

    items: tuple[Item, ...]
    instructions: str = ''
    tools: tuple[FunctionTool, ...] = ()
    must_call: bool = False
    max_tokens: int | None = None

    @property
    def utterances(self) -> list[Utterance]:
        """What was said. Speech that nobody understood is an utterance without words."""
        return [Utterance(item.role, item.text) for item in self.items if isinstance(item, Message)]


@dataclass(frozen=True)
class CallPiece:
    """A piece of a function call. Those with the same `call_id` are one call; their `arguments` joined are JSON."""

    name: str
    call_id: str
    arguments: str = ''


Piece: TypeAlias = str | CallPiece
CutReason: TypeAlias = Literal['max_output_tokens', 'content_filter']


class MindError(Exception):
    """No answer could be found. The message is for the user: a plain sentence, and what to do."""


class CutShort(Exception):
    """The answer ends before its end."""

    def __init__(self, reason: CutReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Mind(Protocol):
    """Finds answers."""

    def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """The answer in pieces of any size: those of text make up what is said when joined.

        Raises MindError, or CutShort after the last piece of an answer that is not complete. Closing the generator
        ends the work on the answer.
        """
        ...
