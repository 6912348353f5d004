"""The session object of the wire that settings make, and the updates between two of them."""

from __future__ import annotations

from collections.abc import Mapping

from .catalogue import CATALOGUES
from .settings import AnswerLength, Settings

Session = Mapping[str, object]

LONGEST_ANSWERS: Mapping[AnswerLength, int | str] = {'short': 400, 'medium': 1000, 'long': 2500, 'unlimited': 'inf'}
"""Tokens of one answer: a second of speech takes 20, and its words some 5 more."""


def session(settings: Settings) -> dict[str, object]:
    """Return the Realtime API's session object (GA shape, ``type: realtime``) for a call with these settings."""
    reasons = CATALOGUES[settings.provider].models[settings.model].reasoning
    return {
        'type': 'realtime',
        'model': settings.model,
        'output_modalities': ['text' if settings.output == 'text' else 'audio'],
        'instructions': _instructions(settings),
        'max_output_tokens': LONGEST_ANSWERS[settings.answer_length],
        **({'reasoning': {'effort': settings.reasoning}} if reasons else {}),
        'audio': {
            'input': {
                'transcription': _transcription(settings),
                'noise_reduction': None if settings.noise_reduction == 'off' else {'type': settings.noise_reduction},
                'turn_detection': _turn_detection(settings),
            },
            'output': {**({'voice': settings.voice} if settings.voice else {}), 'speed': settings.speed},
        },
    }


def greeting(settings: Settings) -> dict[str, object]:
    """Return the `response.create` event with which a call begins where the AI speaks first.

    Instructions of a response stand in for those of the session, so they hold these, too.
    """
    words = settings.persona.greeting
    task = (
        f'with this greeting, in the language you speak: "{words}"' if words else 'and greet the user in one sentence'
    )
    begin = f'The call begins now, and the user has not spoken yet. Speak first, {task}. Then wait.'
    return {'type': 'response.create', 'response': {'instructions': f'{_instructions(settings)}\n\n{begin}'}}


def update_between(old_session: Session, new_session: Session) -> dict[str, object] | None:
    """Return the smallest ``session`` of a ``session.update`` that leads from one session to the other.

    None when there is nothing to send. The model and the voice are never part of it: a call keeps those it began with,
    and one refused field would make the service refuse the whole update.
    """
    changed = _difference(old_session, new_session)
    return {'type': new_session['type'], **changed} if changed else None


_SECTIONS = {'audio', 'input', 'output'}  # the service merges these field by field; every other value is sent whole
_LOCKED = {'model', 'voice'}


def _difference(old: Session, new: Session) -> dict[str, object]:
    changed: dict[str, object] = {}
    for name, value in new.items():
        before = old.get(name)
        if value == before or name in _LOCKED:
            continue
        if name in _SECTIONS and isinstance(before, Mapping) and isinstance(value, Mapping):
            if inner := _difference(before, value):
                changed[name] = inner
        else:
            changed[name] = value
    return changed


def _instructions(settings: Settings) -> str:
    text = settings.instructions or settings.persona.instructions
    if not settings.language:
        return text
    language = CATALOGUES[settings.provider].languages[settings.language]
    return f'{text}\n\nSpeak {language.name} unless asked otherwise.'


def _transcription(settings: Settings) -> dict[str, str] | None:
    if not settings.transcription or not settings.transcription_model:
        return None
    language = {'language': settings.language} if settings.language else {}
    return {'model': settings.transcription_model, **language}


def _turn_detection(settings: Settings) -> dict[str, object] | None:
    if settings.push_to_talk:
        return None
    interruption = {'interrupt_response': settings.interruption}
    if settings.turn_detection == 'semantic_vad':
        return {'type': 'semantic_vad', 'eagerness': settings.eagerness, **interruption}
    return {
        'type': 'server_vad',
        'threshold': settings.threshold,
        'silence_duration_ms': settings.silence_ms,
        'idle_timeout_ms': settings.idle_timeout_s * 1000 or None,
        **interruption,
    }
