"""Who speaks when: the controls of turn detection, in words."""

from components.words.page import words

from .form import Form, options_of
from .settings import SILENCES_MS, Settings

TURN_DETECTIONS = ('server_vad', 'semantic_vad', 'push_to_talk')
IDLE_TIMEOUTS_S = (8, 15, 30)
EAGERNESS = ('auto', 'low', 'high')


def turn_taking(form: Form) -> None:
    """Lay out the controls; those of the other way to detect turns are hidden."""
    form.choice('turn_detection', lambda _: options_of('turn_detection', TURN_DETECTIONS))
    form.slider('silence_ms', SILENCES_MS, 100, _seconds, only_if=_by_pause)
    form.slider('threshold', (0.1, 0.9), 0.1, _loudness, only_if=_by_pause)
    form.choice('idle_timeout_s', _idle_timeouts, only_if=_by_pause)
    form.choice('eagerness', lambda _: options_of('eagerness', EAGERNESS), only_if=_by_sentence)
    form.switch('interruption')


def _by_pause(settings: Settings) -> bool:
    return settings.turn_detection == 'server_vad'


def _by_sentence(settings: Settings) -> bool:
    return settings.turn_detection == 'semantic_vad'


def _idle_timeouts(settings: Settings) -> dict[int, str]:
    """The usual ones, and another one that was found in storage."""
    seconds = sorted({*IDLE_TIMEOUTS_S, settings.idle_timeout_s} - {0})
    return {0: words('settings.idle_timeout_s.options.never')} | {
        after: words('settings.idle_timeout_s.options.after', seconds=after) for after in seconds
    }


def _seconds(milliseconds: float) -> str:
    return f'{milliseconds / 1000:.1f} s'


def _loudness(threshold: float) -> str:
    if threshold < 0.4:
        return words('settings.threshold.options.low')
    return words('settings.threshold.options.middle' if threshold <= 0.6 else 'settings.threshold.options.high')
