"""Content that the browser may render a moment after the rest of the page."""

from nicegui import ui


class Later(ui.element, component='later.js'):
    """Lets the browser render what is in here once the rest of the page is there and can be used.

    The content of Quasar's drawers belongs here: while a page settles, they would render it three times.
    """

    def __init__(self) -> None:
        super().__init__()
        self.client.on_connect(lambda: self.run_method('show'))
