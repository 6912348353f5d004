"""The session object of a session that only writes down what is said: `type: "transcription"` of the Realtime API."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from components.engine.hearing.turn_detector import TurnDetection

from .audio_config import AudioInput
from .errors import RealtimeError, wrong_session_type
from .fields import Fields
from .model_options import read_include
from .wire import JsonObject


@dataclass(frozen=True)
class TranscriptionConfig:
    """The effective configuration of a session that makes no responses.

    It has no model of its own: who writes down is named in `input.transcription`. Nothing is written down without that.
    """

    input: AudioInput = field(default_factory=lambda: AudioInput(turn_detection=_hearing_only(TurnDetection())))
    include: tuple[str, ...] | None = None

    @classmethod
    def created(cls, given: Fields) -> TranscriptionConfig:
        """The configuration of a new session, from the session object that a client asks for."""
        config = cls().merged(given)
        given.finish()
        return config

    def merged(self, given: Fields) -> TranscriptionConfig:
        """The configuration with the fields changed that an update names. Raises `RealtimeError`."""
        if given.choice('type', ('realtime', 'transcription')) == 'realtime':
            raise wrong_session_type('realtime', 'transcription', param=given.name('type'))
        return TranscriptionConfig(
            input=given.part('audio', self.input, lambda audio: audio.part('input', self.input, self._merge_input)),
            include=read_include(given, self.include),
        )

    def wire(self, *, session_id: str, expires_at: int) -> JsonObject:
        """The session object. `expires_at` is a Unix time in seconds, 0 before the session starts."""
        shown = self.input.wire()
        if isinstance(turns := shown['turn_detection'], dict):
            shown['turn_detection'] = {name: turns[name] for name in turns if name not in _ABOUT_ANSWERS}
        return {
            'type': 'transcription',
            'object': 'realtime.transcription_session',
            'id': session_id,
            'expires_at': expires_at,
            'audio': {'input': shown},
            'include': None if self.include is None else [*self.include],
        }

    def _merge_input(self, given: Fields) -> AudioInput:
        merged = self.input.merged(given)
        if merged.transcription and merged.transcription.model in _WITHOUT_DETECTION:
            if given.is_set('turn_detection'):
                raise RealtimeError(
                    'Turn detection is not supported for this transcription model.',
                    code='invalid_value',
                    param=given.name('turn_detection'),
                )
            return replace(merged, turn_detection=None)
        return replace(merged, turn_detection=merged.turn_detection and _hearing_only(merged.turn_detection))


def _hearing_only(turns: TurnDetection) -> TurnDetection:
    """The turn detection without what it would do to answers: there are none."""
    return replace(turns, create_response=False, interrupt_response=False, idle_timeout_ms=None)


# Checked where a client names them, as the service's types have them, and without effect: they are about answers.
_ABOUT_ANSWERS = ('create_response', 'interrupt_response', 'idle_timeout_ms')
# They write while somebody speaks, and need a client that commits. The service refuses turn detection with them.
_WITHOUT_DETECTION = ('gpt-live-transcribe', 'gpt-realtime-whisper')
