"""A button that copies text to the clipboard."""

from pathlib import Path

from nicegui import ui

from components.words.language import Text

CLIPBOARD = Path(__file__).parent / 'clipboard' / 'clipboard.js'
"""The module of the browser that copies text, also on pages without HTTPS, where browsers offer no clipboard."""


class CopyButton(ui.element, component='copy_button.js', dependencies=[CLIPBOARD]):
    """A button that copies what the page shows, or a text that is fetched, and says so. Python is not asked.

    Args:
        label: The name of the copied text.
        text: Gives the notes.
        owner: A CSS selector: the element around the button that is copied from. Arrow keys lead to the same button of
            its neighbours.
        part: A CSS selector: the part of it that is copied.
        url: Where the text is fetched instead.
        shown: Whether the label stands beside the icon, and is not only its tooltip.
    """

    def __init__(
        self, label: str, text: Text, *, owner: str = '', part: str = '', url: str = '', shown: bool = False
    ) -> None:
        super().__init__()
        self.props['label'] = label
        self.props['texts'] = {name: text(f'copying.{name}') for name in ('copied', 'not_copied')}
        self.props['owner'], self.props['part'], self.props['url'], self.props['shown'] = owner, part, url, shown
