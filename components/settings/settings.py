"""What the user may tweak, how it is kept in storage, and the session object it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

from .catalogue import CATALOGUES, ProviderKind
from .personas import PERSONAS, Persona

TurnDetection = Literal['server_vad', 'semantic_vad']
NoiseReduction = Literal['off', 'near_field', 'far_field']
When = Literal['now', 'next answer', 'new call']


@dataclass(frozen=True)
class Settings:
    """One user's choices. Immutable: a change is a new object, so two of them can be compared."""

    provider: ProviderKind = 'openai'
    model: str = 'gpt-realtime-2.1-mini'
    voice: str = 'marin'
    persona: str = 'assistant'  # the id of one of PERSONAS
    instructions: str = ''  # as edited by the user; '' means the persona's own
    language: str = ''  # ISO 639-1; '' means any
    transcription: bool = True
    transcription_model: str = 'gpt-realtime-whisper'
    turn_detection: TurnDetection = 'server_vad'
    noise_reduction: NoiseReduction = 'off'

    @classmethod
    def from_storage(cls, stored: object) -> Settings:
        """Read what ``to_storage`` wrote, perhaps in another version: what is unknown or bad takes its default."""
        if not isinstance(stored, Mapping):
            return cls()
        good: dict[str, Any] = {
            name: stored[name] for name, ok in _VALID.items() if name in stored and ok(stored[name])
        }
        return cls(**good).fitted()

    def to_storage(self) -> dict[str, str | bool]:
        """Return a flat dictionary that JSON can hold, without what the provider left no choice about."""
        offers = _offers(self.provider)
        return {name: value for name, value in asdict(self).items() if len(offers.get(name, ())) != 1}

    def fitted(self) -> Settings:
        """Return these settings with whatever their provider does not offer replaced by what it offers first."""
        offers = _offers(self.provider)
        missing: dict[str, Any] = {
            name: next(iter(offered)) for name, offered in offers.items() if getattr(self, name) not in offered
        }
        return replace(self, **missing)


WHEN_APPLIED: Mapping[str, When] = MappingProxyType(
    {
        'provider': 'new call',
        'model': 'new call',
        'voice': 'new call',  # the service locks it with the first sound; Parley never tries earlier
        'persona': 'next answer',
        'instructions': 'next answer',
        'language': 'next answer',
        'transcription': 'now',
        'transcription_model': 'now',
        'turn_detection': 'now',
        'noise_reduction': 'now',
    }
)
"""For each field of ``Settings``, when a change made during a call is heard."""


def session(settings: Settings, persona: Persona) -> dict[str, object]:
    """Return the Realtime API's session object (GA shape, ``type: realtime``) for a call with these settings."""
    return {
        'type': 'realtime',
        'model': settings.model,
        'output_modalities': ['audio'],
        'instructions': _instructions(settings, persona),
        'audio': {
            'input': {
                'transcription': _transcription(settings),
                'noise_reduction': None if settings.noise_reduction == 'off' else {'type': settings.noise_reduction},
                'turn_detection': {'type': settings.turn_detection},
            },
            'output': {'voice': settings.voice},
        },
    }


def update_between(old_session: Mapping[str, object], new_session: Mapping[str, object]) -> dict[str, object] | None:
    """Return the smallest ``session`` of a ``session.update`` that leads from one session to the other.

    None when there is nothing to send. The model and the voice are never part of it: a call keeps those it began with,
    and one refused field would make the service refuse the whole update.
    """
    changed = _difference(old_session, new_session)
    return {'type': new_session['type'], **changed} if changed else None


_SECTIONS = {'audio', 'input', 'output'}  # the service merges these field by field; every other value is sent whole
_LOCKED = {'model', 'voice'}


def _difference(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
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


def _instructions(settings: Settings, persona: Persona) -> str:
    text = settings.instructions or persona.instructions
    if not settings.language:
        return text
    language = CATALOGUES[settings.provider].languages[settings.language]
    return f'{text}\n\nSpeak {language.name} unless asked otherwise.'


def _transcription(settings: Settings) -> dict[str, str] | None:
    if not settings.transcription:
        return None
    language = {'language': settings.language} if settings.language else {}
    return {'model': settings.transcription_model, **language}


def _offers(provider: ProviderKind) -> dict[str, Mapping[str, object]]:
    catalogue = CATALOGUES[provider]
    return {
        'model': catalogue.models,
        'voice': catalogue.voices,
        'language': catalogue.languages,
        'transcription_model': catalogue.transcription_models,
    }


def _among(values: tuple[str, ...]) -> Callable[[object], bool]:
    return lambda value: value in values


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_VALID: Mapping[str, Callable[[object], bool]] = {
    'provider': _among(get_args(ProviderKind)),
    'model': _is_text,
    'voice': _is_text,
    'persona': _among(tuple(PERSONAS)),
    'instructions': _is_text,
    'language': _is_text,
    'transcription': lambda value: isinstance(value, bool),
    'transcription_model': _is_text,
    'turn_detection': _among(get_args(TurnDetection)),
    'noise_reduction': _among(get_args(NoiseReduction)),
}
