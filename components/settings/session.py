"""The session object of the wire that settings make, and the smallest update between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .setting import ABSENT
from .settings import Settings

Session = Mapping[str, object]

MERGED = {'audio', 'audio.input', 'audio.output'}
"""Objects that the service merges field by field in a `session.update`; it replaces every other value as a whole."""


def session(settings: Settings) -> dict[str, object]:
    """Return the Realtime API's session object (GA shape, `type: realtime`) for a call with these settings."""
    wire: dict[str, object] = {'type': 'realtime'}
    for path, value in sorted(_fields(settings), key=lambda field: field[0].count('.')):  # outer objects first
        if value is not ABSENT:
            _put(wire, path, value)
    return wire


def update_between(old: Session, new: Session) -> dict[str, object] | None:
    """Return the smallest `session` of a `session.update` that leads from one session to the other.

    None if nothing has changed.
    """
    changed = _difference(old, new)
    return {'type': new['type'], **changed} if changed else None


def lost_between(asked: Session, reported: Session) -> dict[str, object] | None:
    """Return the `session` of a `session.update` that restores what a new session lacks of the one that was asked for.

    None if nothing is lost. Only fields without which the talk would be another one count, and only if the service
    reports them: services complete sessions, and write some values in their own way.
    """
    lost: dict[str, object] = {}
    for path in _VITAL:
        wanted, found = _get(asked, path), _get(reported, path)
        if wanted is not ABSENT and found is not ABSENT and not _holds(found, wanted):
            _create(lost, path, wanted)
    return {'type': asked['type'], **lost} if lost else None


def joined(one: Session, other: Session) -> dict[str, object]:
    """Return both updates in one; the other has precedence."""
    result = dict(one)
    for name, value in other.items():
        before = result.get(name)
        both = isinstance(before, Mapping) and isinstance(value, Mapping)
        result[name] = joined(before, value) if both and name in _OBJECTS else value  # type: ignore[arg-type]
    return result


def greeting(settings: Settings) -> dict[str, object]:
    """Return the `response.create` event that begins a call in which the AI speaks first.

    The instructions of a response replace those of the session, so they repeat them.
    """
    words = settings.persona.greeting
    task = (
        f'with this greeting, in the language you speak: "{words}"' if words else 'and greet the user in one sentence'
    )
    begin = f'The call begins now, and the user has not spoken yet. Speak first, {task}. Then wait.'
    return {'type': 'response.create', 'response': {'instructions': f'{settings.full_instructions}\n\n{begin}'}}


def _fields(settings: Settings) -> Iterator[tuple[str, object]]:
    for row in settings.table().values():
        if row.only_if(settings):
            for path, value in row.wire.items():
                yield path, value(settings)


def _put(wire: dict[str, object], path: str, value: object) -> None:
    *outer, name = path.split('.')
    target: object = wire
    for each in outer:
        target = target.setdefault(each, {}) if isinstance(target, dict) else None
    if isinstance(target, dict):  # else it is null, as for turn detection that is switched off
        target[name] = value


def _difference(old: Session, new: Session, path: str = '') -> dict[str, object]:
    changed: dict[str, object] = {}
    for name, value in new.items():
        before = old.get(name)
        if value == before:
            continue
        if f'{path}{name}' in MERGED and isinstance(before, Mapping) and isinstance(value, Mapping):
            if inner := _difference(before, value, f'{path}{name}.'):
                changed[name] = inner
        else:
            changed[name] = value
    return changed


def _get(session: object, path: str) -> object:
    for name in path.split('.'):
        if not isinstance(session, Mapping) or name not in session:
            return ABSENT
        session = session[name]
    return session


def _create(update: dict[str, object], path: str, value: object) -> None:
    *outer, name = path.split('.')
    target: Any = update
    for each in outer:
        target = target.setdefault(each, {})
    target[name] = value


def _holds(found: object, wanted: object) -> bool:
    """Whether a service reports what was wanted, to which it may add fields of its own."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(name not in found or _holds(found[name], value) for name, value in wanted.items())
    return found == wanted


_OBJECTS = {path.rpartition('.')[2] for path in MERGED}
_VITAL = ('instructions', 'audio.output.voice', 'audio.input.transcription', 'audio.input.turn_detection')
