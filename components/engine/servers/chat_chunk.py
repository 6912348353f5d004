"""One piece of a streamed answer of the chat completions API."""

from __future__ import annotations

import json
from dataclasses import dataclass

from components.engine.protocol.wire import Json


@dataclass(frozen=True)
class CallDelta:
    """More of the function call at `index`. Its first piece names it."""

    index: int
    id: str = ''
    name: str = ''
    arguments: str = ''


@dataclass(frozen=True)
class Chunk:
    """What is new: text, function calls, why the answer ends ('' while it goes on), or an error of the server."""

    text: str = ''
    calls: tuple[CallDelta, ...] = ()
    finish_reason: str = ''
    error: str = ''

    @classmethod
    def parse(cls, data: str) -> Chunk:
        """Read the `data` of an event. Servers differ much: what is not understood is left out.

        Raises ValueError for what is no JSON.
        """
        try:
            value: Json = json.loads(data)
        except RecursionError as problem:
            raise ValueError('Too deeply nested.') from problem
        if error := error_message(value):
            return cls(error=error)
        choice = _get(_get(value, 'choices'), 0)
        delta = _get(choice, 'delta')
        calls = _get(delta, 'tool_calls')
        return cls(
            text=_text(_get(delta, 'content')),
            calls=tuple(_call(each, place) for place, each in enumerate(calls if isinstance(calls, list) else [])),
            finish_reason=_text(_get(choice, 'finish_reason')),
        )


def error_message(value: Json) -> str:
    """What the server says is wrong, '' if nothing is: `{"error": {"message": …}}` or simpler."""
    error = _get(value, 'error')
    said = _get(error, 'message') or error or _get(value, 'detail')
    return said if isinstance(said, str) else json.dumps(said) if said else ''


def _call(value: Json, place: int) -> CallDelta:
    function = _get(value, 'function')
    index, arguments = _get(value, 'index'), _get(function, 'arguments')
    return CallDelta(
        index=index if isinstance(index, int) else place,
        id=_text(_get(value, 'id')),
        name=_text(_get(function, 'name')),
        arguments=json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments),
    )


def _get(value: Json, key: str | int) -> Json:
    """What is found there, None if nothing is."""
    if isinstance(value, dict) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int):
        return value[key] if key < len(value) else None
    return None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ''
