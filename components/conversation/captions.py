from nicegui import ui

from .transcript.pace import Pace


class Captions(ui.element, component='captions.js', dependencies=['captions/*.js']):
    def __init__(self, label: str) -> None:
        """Captions

        A switch that lets the words of an answer light up in the chat as they are spoken, remembered by the browser.
        The browser alone follows the voice: a call's events come to it as DOM events `realtime`, and no message goes
        to or from Python but the pace.

        :param label: text of the switch
        """
        super().__init__()
        self._props['label'] = label
        self.follow(Pace())

    def follow(self, pace: Pace) -> None:
        """Take over how fast the voice speaks."""
        if self._props.get('ms-per-letter') != pace.ms_per_letter:
            self._props['ms-per-letter'] = pace.ms_per_letter
