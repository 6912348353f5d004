"""The border between today's event names and the older ones that some servers still speak; within, nobody knows these.

`ga` is the Realtime API as it is. `beta` is its shape until 2026, which many local servers have kept: fields of the
session at its top, other names for sound and text, and one event for an item where there are two now. `xai` is today's
shape but for two fields of the session. Facts: OpenAI's guide "Beta to GA migration", xAI's guide "Voice Agent API".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

DialectName = Literal['ga', 'beta', 'xai']
Event = dict[str, Any]


def heard(event: Event, dialect: DialectName) -> list[Event]:
    """Say an event of the service in today's names. An older one may tell at once what takes two events today.

    What is in today's names already stays as it is, and so does what nobody knows.
    """
    if dialect == 'ga':
        return [event]
    speech = _DIALECTS[dialect]
    kind = speech.events.get(str(event.get('type')), event.get('type'))
    event = {**event, 'type': kind} if kind != event.get('type') else event
    event = _with(event, 'session', lambda session: _session_heard(session, speech))
    if dialect == 'xai':
        return [event]
    event = _with(event, 'response', lambda response: _response_heard(response, speech))
    event = _with(event, 'item', lambda item: _item(item, _CONTENT_HEARD))
    if kind == 'conversation.item.created':
        added = {**event, 'type': 'conversation.item.added'}
        return [added] if _in_progress(event) else [added, _item_done(event, event.get('previous_item_id'))]
    if kind == 'response.output_item.done' and isinstance(event.get('item'), Mapping):
        return [_item_done(event, None), event]
    return [event]


def spoken(event: Event, dialect: DialectName) -> Event:
    """Say an event for the service, in today's names, as the service understands it."""
    if dialect == 'ga':
        return event
    speech = _DIALECTS[dialect]
    event = _with(event, 'session', lambda session: _session_spoken(session, speech))
    if dialect == 'xai':
        return event
    event = _with(event, 'response', lambda response: _response_spoken(response, speech))
    return _with(event, 'item', lambda item: _item(item, _CONTENT_SPOKEN))


Path = tuple[str, ...]


@dataclass(frozen=True)
class _Move:
    """Where a field of today is in an older shape, and what its values are called there."""

    today: Path
    older: str
    values: tuple[tuple[Any, Any], ...] = ()  # of today and older; others are the same

    def hear(self, data: dict[str, Any]) -> None:
        if self.older in data:
            value = data.pop(self.older)
            if _take(data, self.today, keep=True) is _NOTHING:
                _put(data, self.today, self._translated(value, ((older, today) for today, older in self.values)))

    def speak(self, data: dict[str, Any]) -> None:
        if (value := _take(data, self.today)) is not _NOTHING:
            data[self.older] = self._translated(value, self.values)

    def _translated(self, value: Any, names: Iterable[tuple[Any, Any]]) -> Any:
        return next((deepcopy(name) for other, name in names if _same(other, value)), value)


@dataclass(frozen=True)
class _Speech:
    """What is otherwise in a dialect."""

    session: tuple[_Move, ...]
    response: tuple[_Move, ...] = ()
    events: Mapping[str, str] = field(default_factory=dict)  # older to today
    typed: bool = True  # whether a session says its type


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
_DIALECTS: Mapping[DialectName, _Speech] = MappingProxyType(
    {
        'beta': _Speech(_OUTPUT + _INPUT, _OUTPUT, _EVENTS, typed=False),
        'xai': _Speech(
            (
                _Move(('audio', 'output', 'voice'), 'voice'),
                _Move(('audio', 'input', 'turn_detection'), 'turn_detection'),
            )
        ),
    }
)
_CONTENT_HEARD = {'text': 'output_text', 'audio': 'output_audio'}
_CONTENT_SPOKEN = {today: older for older, today in _CONTENT_HEARD.items()}


def _session_heard(session: dict[str, Any], speech: _Speech) -> dict[str, Any]:
    session = _moved(session, speech.session, _Move.hear)
    session.setdefault('type', 'realtime')
    session.pop('temperature', None)  # gone since
    return session


def _session_spoken(session: dict[str, Any], speech: _Speech) -> dict[str, Any]:
    session = _moved(session, speech.session, _Move.speak)
    if not speech.typed:
        session.pop('type', None)
    return session


def _response_heard(response: dict[str, Any], speech: _Speech) -> dict[str, Any]:
    response = _moved(response, speech.response, _Move.hear)
    response.pop('temperature', None)
    return _with_items(response, 'output', _CONTENT_HEARD)


def _response_spoken(response: dict[str, Any], speech: _Speech) -> dict[str, Any]:
    return _with_items(_moved(response, speech.response, _Move.speak), 'input', _CONTENT_SPOKEN)


def _with_items(response: dict[str, Any], name: str, content: Mapping[str, str]) -> dict[str, Any]:
    items = response.get(name)
    if not isinstance(items, list):
        return response
    return {**response, name: [_item(item, content) if isinstance(item, dict) else item for item in items]}


def _item(item: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Rename the parts of what the assistant says; the user's have kept their names."""
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
    """What is at the end of the path, taken out with whatever would be empty without it."""
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
