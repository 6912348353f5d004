"""A folded part of the page."""

from collections.abc import Callable

from nicegui import ui


class Folded(ui.element):
    """A title that unfolds what is below it, which is built when somebody approaches it: most visitors never do.

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
        super().__init__('q-expansion-item')
        self.classes('nicegui-expansion').props['label'] = title
        self.props['default-opened'] = is_open
        self._build: Callable[[], object] | None = build
        with self:
            self.content = ui.element().classes('nicegui-expansion-content')
        for approach in ('pointerenter.once', 'focusin.once', 'before-show.once'):
            self.on(approach, self.fill, [])
        if is_open:
            self.fill()

    def fill(self) -> None:
        """Build what is below the title, unless that was done before."""
        build, self._build = self._build, None
        if build:
            with self.content:
                build()
