"""Who speaks when: the controls of turn detection, in words."""

from .form import Form
from .settings import SILENCES_MS, Settings

TURN_DETECTIONS = {
    'server_vad': 'A pause ends my turn',
    'semantic_vad': 'A finished sentence ends my turn',
    'push_to_talk': 'Push to talk: I say when',
}
IDLE_TIMEOUTS_S = (8, 15, 30)
EAGERNESS = {'auto': 'Balanced', 'low': 'Patient: lets me think', 'high': 'Quick: answers at once'}


def turn_taking(form: Form) -> None:
    """Lay out the controls; those of the other way to detect turns are hidden."""
    form.choice('turn_detection', lambda _: TURN_DETECTIONS)
    form.slider('silence_ms', SILENCES_MS, 100, _seconds, only_if=_by_pause)
    form.slider('threshold', (0.1, 0.9), 0.1, _loudness, only_if=_by_pause)
    form.choice('idle_timeout_s', _idle_timeouts, only_if=_by_pause)
    form.choice('eagerness', lambda _: EAGERNESS, only_if=lambda settings: settings.turn_detection == 'semantic_vad')
    form.switch('interruption')


def _by_pause(settings: Settings) -> bool:
    return settings.turn_detection == 'server_vad'


def _idle_timeouts(settings: Settings) -> dict[int, str]:
    """The usual ones, and another one that was found in storage."""
    seconds = sorted({*IDLE_TIMEOUTS_S, settings.idle_timeout_s} - {0})
    return {0: 'The AI waits'} | {after: f'It asks after {after} seconds' for after in seconds}


def _seconds(milliseconds: float) -> str:
    return f'{milliseconds / 1000:.1f} s'


def _loudness(threshold: float) -> str:
    if threshold < 0.4:
        return 'a quiet voice is enough'
    return 'normal' if threshold <= 0.6 else 'only a loud voice'
