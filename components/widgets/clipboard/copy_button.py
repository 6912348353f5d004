"""A button that copies text to the clipboard."""

from pathlib import Path

from nicegui import ui

from components.words.language import Text

CLIPBOARD = Path(__file__).parent / 'clipboard.js'
"""The module of the browser that copies text, also on pages without HTTPS, where browsers offer no clipboard."""
COPY_BUTTON = Path(__file__).parent / 'copy_button.js'
"""The button itself, for components of the browser that have one."""


class CopyButton(ui.element, component='copy_button.js', dependencies=[CLIPBOARD]):
    """A button that copies a text that the browser fetches, and says so. Python is not asked.

    Args:
        label: The name of the copied text.
        text: Gives the notes.
        url: Where the text is fetched.
    """

    def __init__(self, label: str, text: Text, *, url: str) -> None:
        super().__init__()
        self.props['label'] = label
        self.props['texts'] = {name: text(f'copying.{name}') for name in ('copied', 'not_copied')}
        self.props['url'], self.props['shown'] = url, True
