from base64 import b64decode
from collections.abc import Callable

from nicegui import events, ui

from .file import LARGEST, Unreadable


class PersonaDrop(ui.element, component='persona_drop.js'):
    def __init__(self, *, on_file: Callable[[bytes], None], on_unreadable: Callable[[Unreadable], None]) -> None:
        """Persona Drop

        A place to drop a file of personas on; its children are what one sees of it. They may call the `choose` of the
        browser half in a click, so that the user can choose a file.

        :param on_file: called with the content of a file
        :param on_unreadable: called for a file that is too large to be looked at
        """
        super().__init__()
        self._props['largest'] = LARGEST
        self.on('file', lambda e: on_file(_content(e)))
        self.on('too-large', lambda: on_unreadable(Unreadable('too_large')), [])


def _content(e: events.GenericEventArguments) -> bytes:
    """What the browser read: a `data:` URI, in whose form no byte takes more than others."""
    return b64decode(str(e.args).partition(',')[2])
