"""A button that shows and hides a sentence of help."""

from nicegui import ui


class HelpButton(ui.element, component='help_button.js', default_classes='help'):
    """A question mark; pressed, it shows a sentence below what it stands beside. See `help` in settings.css.

    Args:
        label: What the button does, for screen readers.
        text: The help.
    """

    def __init__(self, label: str, text: str) -> None:
        super().__init__()
        self.props['label'] = label
        self.props['text'] = text

    @property
    def text_id(self) -> str:
        """The id of the sentence, which `aria-describedby` finds also while it is hidden."""
        return f'{self.html_id}-text'
