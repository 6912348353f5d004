"""The settings table: all that the user may change. Panel, storage, agreement and session object read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from components.settings.personas.persona import Persona
from components.settings.personas.personas import BUILT_IN, Personas
from components.words.language import Text

from .catalogue import CATALOGUES, Catalogue, Effort, ProviderKind
from .setting import ABSENT, Setting, setting, table_of

Output = Literal['voice', 'text']
AnswerLength = Literal['short', 'medium', 'long', 'unlimited']
TurnDetection = Literal['server_vad', 'semantic_vad', 'push_to_talk']
Eagerness = Literal['auto', 'low', 'high']  # 'medium' would be the same as 'auto'
NoiseReduction = Literal['off', 'near_field', 'far_field']
Transport = Literal['auto', 'webrtc', 'relay']

LONGEST_ANSWERS: Mapping[AnswerLength, int | str] = {'short': 400, 'medium': 1000, 'long': 2500, 'unlimited': 'inf'}
"""Tokens of one answer: a second of speech takes 20, and its words some 5 more."""


@dataclass(frozen=True)
class Settings:
    """One user's choices. Immutable: a change makes a new object, so two of them can be compared.

    Each field is one row of the table, see `setting` for its columns. To add a setting, add a field here and its texts
    to `settings` in assets/languages.
    """

    persona: Persona = setting(
        BUILT_IN['assistant'],
        section='main',
        applies='next_answer',
        wire={'instructions': lambda s: s.full_instructions},
    )
    voice: str = setting(
        'marin',
        section='main',
        applies='new_call',  # the service locks it with the first sound; Parley never tries earlier
        offered=lambda catalogue: catalogue.voices,
        wire={'audio.output.voice': lambda s: s.voice or ABSENT},
    )
    language: str = setting(  # ISO 639-1; '' means any
        '',
        section='main',
        applies='next_answer',
        offered=lambda catalogue: catalogue.languages,
        wire={
            'instructions': lambda s: s.full_instructions,
            'audio.input.transcription.language': lambda s: s.language or ABSENT,
        },
    )
    speed: float = setting(  # 1.0 is the voice's own pace
        1.0,
        section='main',
        applies='next_answer',
        bounds=(0.25, 1.5),
        step=0.05,
        shown=lambda speed, text: f'{speed:.2f} ×',
        hidden_if=lambda s: s.output == 'text',
        wire={'audio.output.speed': lambda s: s.speed},
    )
    provider: ProviderKind = setting('openai', section='service', applies='new_call')
    model: str = setting(
        'gpt-realtime-2.1-mini',
        section='service',
        applies='new_call',
        offered=lambda catalogue: catalogue.models,
        wire={'model': lambda s: s.model},
    )
    reasoning: Effort = setting(
        'low',
        section='service',
        applies='next_answer',
        only_if=lambda s: s.catalogue.models[s.model].reasoning,
        wire={'reasoning.effort': lambda s: s.reasoning},
    )
    instructions: str = setting(  # as edited by the user; '' means the persona's own
        '',
        section='answers',
        applies='next_answer',
        hidden_if=lambda s: s.persona.own,  # the user's own persona is edited as a whole
        wire={'instructions': lambda s: s.full_instructions},
    )
    greets: bool = setting(  # whether the AI speaks first, with its persona's greeting
        False, section='answers', applies='new_call'
    )
    output: Output = setting(
        'voice',
        section='answers',
        applies='next_answer',
        wire={'output_modalities': lambda s: ['text' if s.output == 'text' else 'audio']},
    )
    answer_length: AnswerLength = setting(
        'unlimited',
        section='answers',
        applies='next_answer',
        wire={'max_output_tokens': lambda s: LONGEST_ANSWERS[s.answer_length]},
    )
    turn_detection: TurnDetection = setting(
        'server_vad',
        section='turn_taking',
        applies='now',
        wire={'audio.input.turn_detection': lambda s: None if s.push_to_talk else {'type': s.turn_detection}},
    )
    silence_ms: int = setting(  # the pause that ends a turn
        500,
        section='turn_taking',
        applies='now',
        bounds=(200, 3000),
        step=100,
        shown=lambda milliseconds, text: f'{milliseconds / 1000:.1f} s',
        only_if=lambda s: s.turn_detection == 'server_vad',
        wire={'audio.input.turn_detection.silence_duration_ms': lambda s: s.silence_ms},
    )
    threshold: float = setting(  # how loud speech must be; the service takes 0 to 1, but the extremes are useless
        0.5,
        section='turn_taking',
        applies='now',
        bounds=(0.1, 0.9),
        step=0.1,
        shown=lambda threshold, text: _loudness(threshold, text),
        only_if=lambda s: s.turn_detection == 'server_vad',
        wire={'audio.input.turn_detection.threshold': lambda s: s.threshold},
    )
    idle_timeout_s: int = setting(  # the silence after which the AI speaks by itself; 0 means never
        0,
        section='turn_taking',
        applies='now',
        bounds=(0, 30),
        valid=lambda seconds: seconds == 0 or seconds >= 5,  # the service's own limit
        choices=(0, 8, 15, 30),
        shown=lambda seconds, text: _idle_timeout(seconds, text),
        only_if=lambda s: s.turn_detection == 'server_vad',
        wire={'audio.input.turn_detection.idle_timeout_ms': lambda s: s.idle_timeout_s * 1000 or None},
    )
    hang_up_after_min: float = setting(  # minutes in which nobody has spoken or written; 0 means never
        5.0,
        section='turn_taking',
        applies='now',
        bounds=(0, 60),
        choices=(0.0, 1.0, 2.0, 5.0, 10.0, 30.0),
        shown=lambda minutes, text: _hang_up(minutes, text),
    )
    eagerness: Eagerness = setting(
        'auto',
        section='turn_taking',
        applies='now',
        only_if=lambda s: s.turn_detection == 'semantic_vad',
        wire={'audio.input.turn_detection.eagerness': lambda s: s.eagerness},
    )
    interruption: bool = setting(
        True,
        section='turn_taking',
        applies='now',
        wire={'audio.input.turn_detection.interrupt_response': lambda s: s.interruption},
    )
    transcription: bool = setting(
        True,
        section='more',
        applies='now',
        wire={'audio.input.transcription': lambda s: {} if s.transcription and s.transcription_model else None},
    )
    transcription_model: str = setting(
        'gpt-realtime-whisper',
        section='more',
        applies='now',
        offered=lambda catalogue: catalogue.transcription_models,
        wire={'audio.input.transcription.model': lambda s: s.transcription_model},
    )
    noise_reduction: NoiseReduction = setting(
        'off',
        section='more',
        applies='now',
        wire={
            'audio.input.noise_reduction': lambda s: None if s.noise_reduction == 'off' else {'type': s.noise_reduction}
        },
    )
    transport: Transport = setting('auto', section='more', applies='new_call')
    catalogues: Mapping[ProviderKind, Catalogue] = field(default_factory=lambda: CATALOGUES, repr=False, compare=False)

    @classmethod
    def table(cls) -> Mapping[str, Setting]:
        """Return the rows of the table by name, in the order of the panel."""
        return table_of(cls)  # type: ignore[arg-type]  # mypy takes the hash of a class for that of its instances

    @property
    def catalogue(self) -> Catalogue:
        """The models, voices and languages of the provider."""
        return self.catalogues[self.provider]

    @property
    def push_to_talk(self) -> bool:
        """Whether the user marks the beginning and the end of a turn, so that the service does not detect them."""
        return self.turn_detection == 'push_to_talk'

    @property
    def full_instructions(self) -> str:
        """The instructions for the service: the user's or the persona's own, and the language to speak."""
        text = self.instructions or self.persona.instructions
        if not self.language:
            return text
        return f'{text}\n\nSpeak {self.catalogue.languages[self.language].name} unless asked otherwise.'

    @classmethod
    def from_storage(
        cls,
        stored: object,
        personas: Personas | None = None,
        catalogues: Mapping[ProviderKind, Catalogue] = CATALOGUES,
    ) -> Self:
        """Read what `to_storage` wrote, perhaps in another version: an unknown or bad value takes its default.

        :param personas: the browser's personas; a deleted one is replaced by the first
        :param catalogues: the offers of all providers
        """
        entries = stored if isinstance(stored, Mapping) else {}
        good: dict[str, Any] = {
            name: entries[name] for name, row in cls.table().items() if name in entries and row.accepts(entries[name])
        }
        id = entries.get('persona')
        good['persona'] = (personas or Personas()).find(id if isinstance(id, str) else '')
        if good.get('provider') not in catalogues:
            good.pop('provider', None)
        return cls(**good, catalogues=catalogues).fitted()

    def to_storage(self) -> dict[str, str | bool | float]:
        """Return a flat dictionary that JSON can hold, without values that were the provider's only offer."""
        offers = self._offers()
        plain = {**{name: getattr(self, name) for name in self.table()}, 'persona': self.persona.id}
        return {name: value for name, value in plain.items() if len(offers.get(name, ())) != 1}

    def fitted(self) -> Self:
        """Return these settings with everything that their provider does not offer replaced by its first offer."""
        missing: dict[str, Any] = {
            name: next(iter(offer)) for name, offer in self._offers().items() if getattr(self, name) not in offer
        }
        return replace(self, **missing)

    def changed_from(self, other: Settings) -> set[str]:
        """Return the names of the settings that differ."""
        return {name for name in self.table() if getattr(self, name) != getattr(other, name)}

    def applied_to(self, running: Settings) -> Self:
        """Return what a running call can take of these settings: settings that need a new call stay as they are."""
        return self.put_back({name for name, row in self.table().items() if row.applies == 'new_call'}, running)

    def put_back(self, names: set[str], before: Settings) -> Self:
        """Return these settings with some of them as they were before."""
        values: dict[str, Any] = {name: getattr(before, name) for name in names}
        return replace(self, **values)

    def _offers(self) -> dict[str, Mapping[str, object]]:
        return {name: row.offered(self.catalogue) for name, row in self.table().items() if row.offered}


def _loudness(threshold: float, text: Text) -> str:
    if threshold < 0.4:
        return text('settings.threshold.options.low')
    return text('settings.threshold.options.middle' if threshold <= 0.6 else 'settings.threshold.options.high')


def _hang_up(minutes: float, text: Text) -> str:
    if not minutes:
        return text('settings.hang_up_after_min.options.never')
    return text('settings.hang_up_after_min.options.after', minutes=f'{minutes:g}')


def _idle_timeout(seconds: int, text: Text) -> str:
    if not seconds:
        return text('settings.idle_timeout_s.options.never')
    return text('settings.idle_timeout_s.options.after', seconds=seconds)
