"""A folded part of the page."""

from collections.abc import Callable

from nicegui import ui


class Folded(ui.expansion):
    """A title that unfolds what is below it, which is built when somebody approaches it: most visitors never do.

    Args:
        title: What is always shown.
        build: Builds the rest, once.
        is_open: Whether it is unfolded at first.
    """

    def __init__(self, title: str, build: Callable[[], object], *, is_open: bool = False) -> None:
        super().__init__(title, value=is_open)
        self._build: Callable[[], object] | None = build
        for approach in ('pointerenter.once', 'focusin.once'):
            self.on(approach, self._fill, [])
        self.on_value_change(self._fill)
        if is_open:
            self._fill()

    def _fill(self) -> None:
        build, self._build = self._build, None
        if build:
            with self:
                build()
