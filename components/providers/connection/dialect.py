"""Translates between today's event names and the older ones that some servers still use; nothing else knows these.

`ga` is the Realtime API of today. `beta` is its shape until 2026, which many local servers have kept: a flat session
object, other names for sound and text, and one event for an item where there are two now. `xai` is today's shape except
for two fields of the session. Sources: OpenAI's guide "Beta to GA migration", xAI's guide "Voice Agent API".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

DialectName = Literal['ga', 'beta', 'xai']
Event = dict[str, Any]


def from_service(event: Event, dialect: DialectName) -> list[Event]:
    """Translate a server event to today's names. One older event may become two.

    Events that already have today's names stay unchanged, and so do unknown ones.
    """
    if dialect == 'ga':
        return [event]
    names = _DIALECTS[dialect]
    kind = names.events.get(str(event.get('type')), event.get('type'))
    event = {**event, 'type': kind} if kind != event.get('type') else event
    event = _with(event, 'session', lambda session: _session_from_service(session, names))
    if dialect == 'xai':
        return [event]
    event = _with(event, 'response', lambda response: _response_from_service(response, names))
    event = _with(event, 'item', lambda item: _item(item, _CONTENT_FROM_SERVICE))
    if kind == 'conversation.item.created':
        added = {**event, 'type': 'conversation.item.added'}
        return [added] if _in_progress(event) else [added, _item_done(event, event.get('previous_item_id'))]
    if kind == 'response.output_item.done' and isinstance(event.get('item'), Mapping):
        return [_item_done(event, None), event]
    return [event]


def to_service(event: Event, dialect: DialectName) -> Event:
    """Translate a client event from today's names to those of the service."""
    if dialect == 'ga':
        return event
    names = _DIALECTS[dialect]
    event = _with(event, 'session', lambda session: _session_to_service(session, names))
    if dialect == 'xai':
        return event
    event = _with(event, 'response', lambda response: _response_to_service(response, names))
    return _with(event, 'item', lambda item: _item(item, _CONTENT_TO_SERVICE))


Path = tuple[str, ...]


@dataclass(frozen=True)
class _Move:
    """A field of today, and its name and values in an older shape."""

    today: Path
    older: str
    values: tuple[tuple[Any, Any], ...] = ()  # pairs of today's and the older value; others are the same

    def to_today(self, data: dict[str, Any]) -> None:
        if self.older in data:
            value = data.pop(self.older)
            if _take(data, self.today, keep=True) is _NOTHING:
                _put(data, self.today, self._translated(value, ((older, today) for today, older in self.values)))

    def to_older(self, data: dict[str, Any]) -> None:
        if (value := _take(data, self.today)) is not _NOTHING:
            data[self.older] = self._translated(value, self.values)

    def _translated(self, value: Any, names: Iterable[tuple[Any, Any]]) -> Any:
        return next((deepcopy(name) for other, name in names if _same(other, value)), value)


@dataclass(frozen=True)
class _Dialect:
    """The differences between a dialect and the current names."""

    session: tuple[_Move, ...]
    response: tuple[_Move, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)  # today's type by the older one
    typed: bool = True  # whether a session has a `type`


_FORMATS = (
    ({'type': 'audio/pcm', 'rate': 24000}, 'pcm16'),
    ({'type': 'audio/pcmu'}, 'g711_ulaw'),
    ({'type': 'audio/pcma'}, 'g711_alaw'),
)
_OUTPUT = (
    _Move(('output_modalities',), 'modalities', ((['audio'], ['audio', 'text']), (['audio'], ['text', 'audio']))),
    _Move(('max_output_tokens',), 'max_response_output_tokens'),
    _Move(('audio', 'output', 'format'), 'output_audio_format', _FORMATS),
    _Move(('audio', 'output', 'voice'), 'voice'),
)
_INPUT = (
    _Move(('audio', 'output', 'speed'), 'speed'),
    _Move(('audio', 'input', 'format'), 'input_audio_format', _FORMATS),
    _Move(('audio', 'input', 'transcription'), 'input_audio_transcription'),
    _Move(('audio', 'input', 'noise_reduction'), 'input_audio_noise_reduction'),
    _Move(('audio', 'input', 'turn_detection'), 'turn_detection'),
)
_EVENTS = {
    f'response.{older}.{end}': f'response.output_{older}.{end}'
    for older in ('text', 'audio', 'audio_transcript')
    for end in ('delta', 'done')
}
_DIALECTS: Mapping[DialectName, _Dialect] = MappingProxyType(
    {
        'beta': _Dialect(_OUTPUT + _INPUT, _OUTPUT, _EVENTS, typed=False),
        'xai': _Dialect(
            (
                _Move(('audio', 'output', 'voice'), 'voice'),
                _Move(('audio', 'input', 'turn_detection'), 'turn_detection'),
            )
        ),
    }
)
_CONTENT_FROM_SERVICE = {'text': 'output_text', 'audio': 'output_audio'}
_CONTENT_TO_SERVICE = {today: older for older, today in _CONTENT_FROM_SERVICE.items()}


def _session_from_service(session: dict[str, Any], dialect: _Dialect) -> dict[str, Any]:
    session = _moved(session, dialect.session, _Move.to_today)
    session.setdefault('type', 'realtime')
    session.pop('temperature', None)  # no longer exists
    return session


def _session_to_service(session: dict[str, Any], dialect: _Dialect) -> dict[str, Any]:
    session = _moved(session, dialect.session, _Move.to_older)
    if not dialect.typed:
        session.pop('type', None)
    return session


def _response_from_service(response: dict[str, Any], dialect: _Dialect) -> dict[str, Any]:
    response = _moved(response, dialect.response, _Move.to_today)
    response.pop('temperature', None)
    return _with_items(response, 'output', _CONTENT_FROM_SERVICE)


def _response_to_service(response: dict[str, Any], dialect: _Dialect) -> dict[str, Any]:
    return _with_items(_moved(response, dialect.response, _Move.to_older), 'input', _CONTENT_TO_SERVICE)


def _with_items(response: dict[str, Any], name: str, content: Mapping[str, str]) -> dict[str, Any]:
    items = response.get(name)
    if not isinstance(items, list):
        return response
    return {**response, name: [_item(item, content) if isinstance(item, dict) else item for item in items]}


def _item(item: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Rename the content parts of an assistant message; those of the user have kept their names."""
    content = item.get('content')
    if item.get('role') != 'assistant' or not isinstance(content, list):
        return item
    parts = [
        {**part, 'type': names.get(str(part.get('type')), part.get('type'))} if isinstance(part, dict) else part
        for part in content
    ]
    return {**item, 'content': parts}


def _item_done(event: Event, previous: object) -> Event:
    done: Event = {'type': 'conversation.item.done', 'previous_item_id': previous, 'item': event['item']}
    return {**done, 'event_id': f'{event["event_id"]}_done'} if 'event_id' in event else done


def _in_progress(event: Event) -> bool:
    item = event.get('item')
    return not isinstance(item, dict) or item.get('status') == 'in_progress'


def _with(event: Event, name: str, translate: Callable[[dict[str, Any]], dict[str, Any]]) -> Event:
    return {**event, name: translate(event[name])} if isinstance(event.get(name), dict) else event


def _moved(
    data: dict[str, Any], moves: Iterable[_Move], move: Callable[[_Move, dict[str, Any]], None]
) -> dict[str, Any]:
    data = deepcopy(data)
    for each in moves:
        move(each, data)
    return data


_NOTHING = object()


def _take(data: dict[str, Any], path: Path, *, keep: bool = False) -> Any:
    """Remove and return the value at a path, along with objects that become empty."""
    name, *rest = path
    if name not in data:
        return _NOTHING
    if not rest:
        return data[name] if keep else data.pop(name)
    if not isinstance(data[name], dict):
        return _NOTHING
    taken = _take(data[name], tuple(rest), keep=keep)
    if taken is not _NOTHING and not data[name]:
        del data[name]
    return taken


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    for name in path[:-1]:
        if not isinstance(data.get(name), dict):
            data[name] = {}
        data = data[name]
    data[path[-1]] = value


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
