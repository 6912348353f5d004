"""A folded part of the page."""

from collections.abc import Callable

from nicegui import ui


class Folded(ui.element, default_classes='folded'):
    """A title that unfolds what is below it, which is built when somebody approaches it: most visitors never do.

    It is the browser's own disclosure: five of Quasar's took a fourth of the time in which the settings are rendered.
    Whether it is unfolded, the browser alone knows. If Python knew it too, the update with what was built could come
    after that of the click, and fold it again.

    Args:
        title: What is always shown.
        build: Builds the rest, once.
        is_open: Whether it is unfolded at first.

    Attributes:
        content: What is below the title.
    """

    def __init__(self, title: str, build: Callable[[], object], *, is_open: bool = False) -> None:
        super().__init__('details')
        if is_open:
            self.props['open'] = True
        self._build: Callable[[], object] | None = build
        with self:
            with ui.element('summary').classes('folded__title'):
                ui.label(title)
            self.content = ui.element().classes('folded__content')
        for approach in ('pointerenter.once', 'focusin.once', 'toggle.once'):
            self.on(approach, self.fill, [])
        if is_open:
            self.fill()

    def fill(self) -> None:
        """Build what is below the title, unless that was done before."""
        build, self._build = self._build, None
        if build:
            with self.content:
                build()
