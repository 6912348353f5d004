"""Messages between the engine and the process of its local model. Each is a line of JSON in a pipe."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True)
class Answer:
    """To the model: answer this request of the chat completions API."""

    id: int
    request: dict[str, Any]


@dataclass(frozen=True)
class Cancel:
    """To the model: stop this answer, nobody waits for it any more."""

    id: int


@dataclass(frozen=True)
class Ready:
    """From the model, before any other reply: it is loaded, or else why it cannot be used."""

    problem: Literal['', 'no_package', 'not_loaded'] = ''


@dataclass(frozen=True)
class Chunk:
    """From the model: a chunk of a streamed answer, as the chat completions API has it."""

    id: int
    chunk: dict[str, Any]


@dataclass(frozen=True)
class TooLong:
    """From the model: the prompt has more tokens than fit into the context."""

    id: int
    tokens: int


@dataclass(frozen=True)
class Refused:
    """From the model: there is no answer, or no more of it. The reason is llama.cpp's own."""

    id: int
    reason: str


@dataclass(frozen=True)
class Finished:
    """From the model: the answer is complete, or was cancelled."""

    id: int


Request: TypeAlias = Answer | Cancel
Reply: TypeAlias = Ready | Chunk | TooLong | Refused | Finished


def encode(message: Request | Reply) -> bytes:
    """Return the message as a line."""
    return json.dumps({'message': type(message).__name__, **asdict(message)}).encode() + b'\n'


def decode(line: bytes) -> Request | Reply:
    """Return the message of a line that `encode` has made."""
    fields = json.loads(line)
    message: Request | Reply = _KINDS[fields.pop('message')](**fields)
    return message


_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Answer, Cancel, Ready, Chunk, TooLong, Refused, Finished)
}
