"""The sound part of a session's configuration: `session.audio` of the Realtime API."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, cast

from components.engine.hearing.turn_detector import TurnDetection
from components.engine.speech.voices import VOICES

from .fields import Fields
from .transcription import Transcription
from .wire import JsonObject

AudioFormat: TypeAlias = Literal['audio/pcm', 'audio/pcmu', 'audio/pcma']


@dataclass(frozen=True)
class NoiseReduction:
    """Kept for the client. The engine's recogniser and voice detection take the sound as it comes."""

    type: str = 'near_field'
    strength: float = 1

    def merged(self, given: Fields) -> NoiseReduction:
        return NoiseReduction(
            type=given.choice('type', ('near_field', 'far_field'), self.type),
            strength=given.number('strength', self.strength, low=0, high=1),
        )

    def wire(self) -> JsonObject:
        return {'type': self.type, 'strength': self.strength}


@dataclass(frozen=True)
class AudioInput:
    """What happens to the user's sound."""

    format: AudioFormat = 'audio/pcm'
    transcription: Transcription | None = None
    noise_reduction: NoiseReduction | None = None
    turn_detection: TurnDetection | None = field(default_factory=TurnDetection)

    def merged(self, given: Fields) -> AudioInput:
        return AudioInput(
            format=given.part('format', self.format, _read_format),
            transcription=given.optional_part(
                'transcription', self.transcription, (self.transcription or Transcription()).merged
            ),
            noise_reduction=given.optional_part(
                'noise_reduction', self.noise_reduction, (self.noise_reduction or NoiseReduction()).merged
            ),
            turn_detection=given.optional_part(
                'turn_detection', self.turn_detection, lambda turns: _merge_turns(self.turn_detection, turns)
            ),
        )

    def wire(self) -> JsonObject:
        return {
            'format': _format_wire(self.format),
            'transcription': None if self.transcription is None else self.transcription.wire(),
            'noise_reduction': None if self.noise_reduction is None else self.noise_reduction.wire(),
            'turn_detection': None if self.turn_detection is None else _turns_wire(self.turn_detection),
        }


@dataclass(frozen=True)
class AudioOutput:
    """How the engine speaks. `speed` 1.0 is the voice's own pace."""

    format: AudioFormat = 'audio/pcm'
    voice: str = 'marin'
    speed: float = 1.0

    def merged(self, given: Fields) -> AudioOutput:
        return AudioOutput(
            format=given.part('format', self.format, _read_format),
            voice=_read_voice(given, self.voice),
            speed=given.number('speed', self.speed, low=0.25, high=1.5),
        )

    def wire(self) -> JsonObject:
        return {'format': _format_wire(self.format), 'voice': self.voice, 'speed': self.speed}


@dataclass(frozen=True)
class Audio:
    """Both directions."""

    input: AudioInput = field(default_factory=AudioInput)
    output: AudioOutput = field(default_factory=AudioOutput)

    def merged(self, given: Fields) -> Audio:
        return Audio(
            input=given.part('input', self.input, self.input.merged),
            output=given.part('output', self.output, self.output.merged),
        )

    def wire(self) -> JsonObject:
        return {'input': self.input.wire(), 'output': self.output.wire()}


def _read_voice(given: Fields, current: str) -> str:
    if given.is_object('voice'):
        given.part('voice', '', lambda voice: voice.text('id'))
        raise given.refuse('voice', f'This engine has no custom voices. Supported values are: {", ".join(VOICES)}.')
    return given.choice('voice', VOICES, current)


def _read_format(given: Fields) -> AudioFormat:
    kind = given.choice('type', ('audio/pcm', 'audio/pcmu', 'audio/pcma'))
    if kind == 'audio/pcm':
        given.integer('rate', 24_000, low=24_000, high=24_000)
    return cast(AudioFormat, kind)


def _format_wire(format: AudioFormat) -> JsonObject:
    return {'type': 'audio/pcm', 'rate': 24_000} if format == 'audio/pcm' else {'type': format}


def _merge_turns(current: TurnDetection | None, given: Fields) -> TurnDetection:
    kind = given.choice('type', ('server_vad', 'semantic_vad'), current.kind if current else None)
    if current is None or current.kind != kind:
        current = TurnDetection(kind=cast(Literal['server_vad', 'semantic_vad'], kind))
    current = replace(
        current,
        create_response=given.flag('create_response', current.create_response),
        interrupt_response=given.flag('interrupt_response', current.interrupt_response),
    )
    if kind == 'semantic_vad':
        eagerness = given.choice('eagerness', ('auto', 'low', 'medium', 'high'), current.eagerness)
        return replace(current, eagerness=cast(Literal['auto', 'low', 'medium', 'high'], eagerness))
    return replace(
        current,
        threshold=given.number('threshold', current.threshold, low=0, high=1),
        prefix_padding_ms=given.integer('prefix_padding_ms', current.prefix_padding_ms, high=_LONGEST_PADDING_MS),
        silence_duration_ms=given.integer('silence_duration_ms', current.silence_duration_ms, high=_LONGEST_SILENCE_MS),
        idle_timeout_ms=_read_idle_timeout(given, current.idle_timeout_ms),
    )


def _read_idle_timeout(given: Fields, current: int | None) -> int | None:
    if not given.has('idle_timeout_ms'):
        return current
    if not given.is_set('idle_timeout_ms'):
        return None
    return given.integer('idle_timeout_ms', low=_SHORTEST_IDLE_MS, high=_LONGEST_IDLE_MS)


def _turns_wire(turns: TurnDetection) -> JsonObject:
    answers: JsonObject = {
        'create_response': turns.create_response,
        'interrupt_response': turns.interrupt_response,
    }
    if turns.kind == 'semantic_vad':
        return {'type': turns.kind, 'eagerness': turns.eagerness, **answers}
    return {
        'type': turns.kind,
        'threshold': turns.threshold,
        'prefix_padding_ms': turns.prefix_padding_ms,
        'silence_duration_ms': turns.silence_duration_ms,
        'idle_timeout_ms': turns.idle_timeout_ms,
        **answers,
    }


_LONGEST_PADDING_MS = 5_000
_LONGEST_SILENCE_MS = 10_000
_SHORTEST_IDLE_MS, _LONGEST_IDLE_MS = 5_000, 30_000  # as the service has it
