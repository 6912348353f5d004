"""The switch for captions: the words of an answer light up as they are spoken."""

from nicegui import ui

from .transcript.pace import Pace


class Captions(ui.element, component='captions.js', dependencies=['captions/*.js']):
    """A switch that lets the words of an answer light up in the chat as they are spoken. The browser remembers it.

    The browser half follows the voice by itself: it gets a call's events as DOM events `realtime`. Python tells it
    nothing but the pace of the voice.
    """

    def __init__(self, label: str) -> None:
        """Create the switch.

        :param label: text of the switch
        """
        super().__init__()
        self.props['label'] = label
        self.follow(Pace())

    def follow(self, pace: Pace) -> None:
        """Adopt this pace of the voice."""
        if self.props.get('ms-per-letter') != pace.ms_per_letter:
            self.props['ms-per-letter'] = pace.ms_per_letter
