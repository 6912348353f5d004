"""What the user may tweak, and how it is kept in storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

from components.settings.personas.persona import Persona
from components.settings.personas.personas import BUILT_IN, Personas

from .catalogue import CATALOGUES, Effort, ProviderKind

Output = Literal['voice', 'text']
AnswerLength = Literal['short', 'medium', 'long', 'unlimited']
TurnDetection = Literal['server_vad', 'semantic_vad', 'push_to_talk']
Eagerness = Literal['auto', 'low', 'high']  # 'medium' would be the same as 'auto'
NoiseReduction = Literal['off', 'near_field', 'far_field']
Transport = Literal['auto', 'webrtc', 'relay']
When = Literal['now', 'next_answer', 'new_call']

SPEEDS = (0.25, 1.5)
THRESHOLDS = (0.0, 1.0)
SILENCES_MS = (200, 3000)
IDLE_TIMEOUTS_S = (5, 30)  # the service's own limits


@dataclass(frozen=True)
class Settings:
    """One user's choices. Immutable: a change is a new object, so two of them can be compared."""

    provider: ProviderKind = 'openai'
    model: str = 'gpt-realtime-2.1-mini'
    reasoning: Effort = 'low'  # counts where the model has it
    voice: str = 'marin'
    speed: float = 1.0  # 1.0 is the voice's own pace
    persona: Persona = BUILT_IN['assistant']
    instructions: str = ''  # as edited by the user; '' means the persona's own
    language: str = ''  # ISO 639-1; '' means any
    greets: bool = False  # whether the AI speaks first, with its persona's greeting
    output: Output = 'voice'
    answer_length: AnswerLength = 'unlimited'
    transcription: bool = True
    transcription_model: str = 'gpt-realtime-whisper'
    turn_detection: TurnDetection = 'server_vad'
    threshold: float = 0.5  # how loud speech must be, 0 to 1; for server_vad
    silence_ms: int = 500  # the pause that ends a turn; for server_vad
    idle_timeout_s: int = 0  # the silence after which the AI speaks by itself, 0 for never; for server_vad
    eagerness: Eagerness = 'auto'  # for semantic_vad
    interruption: bool = True
    noise_reduction: NoiseReduction = 'off'
    transport: Transport = 'auto'

    @property
    def push_to_talk(self) -> bool:
        """Whether the user says when a turn begins and ends, and the service does not listen for it."""
        return self.turn_detection == 'push_to_talk'

    @classmethod
    def from_storage(cls, stored: object, personas: Personas | None = None) -> Settings:
        """Read what ``to_storage`` wrote, perhaps in another version: what is unknown or bad takes its default.

        :param personas: those there are; one that is gone gives way to the first
        """
        if not isinstance(stored, Mapping):
            stored = {}
        good: dict[str, Any] = {
            name: stored[name] for name, ok in _VALID.items() if name in stored and ok(stored[name])
        }
        good['persona'] = (personas or Personas()).find(good.get('persona', ''))
        return cls(**good).fitted()

    def to_storage(self) -> dict[str, str | bool | float]:
        """Return a flat dictionary that JSON can hold, without what the provider left no choice about."""
        offers = _offers(self.provider)
        plain = {**asdict(self), 'persona': self.persona.id}
        return {name: value for name, value in plain.items() if len(offers.get(name, ())) != 1}

    def fitted(self) -> Settings:
        """Return these settings with whatever their provider does not offer replaced by what it offers first."""
        offers = _offers(self.provider)
        missing: dict[str, Any] = {
            name: next(iter(offered)) for name, offered in offers.items() if getattr(self, name) not in offered
        }
        return replace(self, **missing)


WHEN_APPLIED: Mapping[str, When] = MappingProxyType(
    {
        'provider': 'new_call',
        'model': 'new_call',
        'reasoning': 'next_answer',
        'voice': 'new_call',  # the service locks it with the first sound; Parley never tries earlier
        'speed': 'next_answer',
        'persona': 'next_answer',
        'instructions': 'next_answer',
        'language': 'next_answer',
        'greets': 'new_call',
        'output': 'next_answer',
        'answer_length': 'next_answer',
        'transcription': 'now',
        'transcription_model': 'now',
        'turn_detection': 'now',
        'threshold': 'now',
        'silence_ms': 'now',
        'idle_timeout_s': 'now',
        'eagerness': 'now',
        'interruption': 'now',
        'noise_reduction': 'now',
        'transport': 'new_call',
    }
)
"""For each field of ``Settings``, when a change made during a call is heard."""


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


def _between(low: float, high: float) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _whole_between(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and _between(low, high)(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


_VALID: Mapping[str, Callable[[object], bool]] = {
    'provider': lambda value: isinstance(value, str) and value in CATALOGUES,
    'model': _is_text,
    'reasoning': _among(get_args(Effort)),
    'voice': _is_text,
    'speed': _between(*SPEEDS),
    'persona': _is_text,
    'instructions': _is_text,
    'language': _is_text,
    'greets': _is_switch,
    'output': _among(get_args(Output)),
    'answer_length': _among(get_args(AnswerLength)),
    'transcription': _is_switch,
    'transcription_model': _is_text,
    'turn_detection': _among(get_args(TurnDetection)),
    'threshold': _between(*THRESHOLDS),
    'silence_ms': _whole_between(*SILENCES_MS),
    'idle_timeout_s': lambda value: _whole_between(0, 0)(value) or _whole_between(*IDLE_TIMEOUTS_S)(value),
    'eagerness': _among(get_args(Eagerness)),
    'interruption': _is_switch,
    'noise_reduction': _among(get_args(NoiseReduction)),
    'transport': _among(get_args(Transport)),
}
