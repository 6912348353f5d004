"""The session object of the wire that settings make, and the smallest update between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
