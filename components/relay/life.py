"""Signs in a call that somebody is there, which Python sees although the page's own socket is away."""

from collections.abc import Callable, Mapping
from typing import Any

_WRITTEN = ('{"type":"conversation.item.create"', '{"type":"input_audio_buffer.commit"')
"""Events by which a browser sends what was written, or ends a turn that the user took by hand."""


class LifeSigns:
    """Watches the events and the sound of a call.

    An answer that is on its way is no silence, unless the service began it because of the silence.

    Args:
        on_life: Called again and again while somebody speaks or is answered.
    """

    def __init__(self, on_life: Callable[[], None]) -> None:
        self._on_life = on_life
        self._speaking = False
        self._nudged = False  # whether the service speaks only because of the silence

    def send(self, event: str) -> None:
        """Take an event of the browser, as JSON."""
        if event.startswith(_WRITTEN):
            self._nudged = False
            self._on_life()

    def send_sound(self) -> None:
        """Take sound of the microphone."""
        if self._speaking:
            self._on_life()

    def receive(self, event: Mapping[str, Any]) -> None:
        """Take an event of the service."""
        match event['type']:
            case 'input_audio_buffer.speech_started':
                self._speaking, self._nudged = True, False
                self._on_life()
            case 'input_audio_buffer.speech_stopped' | 'input_audio_buffer.committed':
                self._speaking = False
            case 'input_audio_buffer.timeout_triggered':
                self._nudged = True
            case 'response.output_audio.delta' if not self._nudged:
                self._on_life()
