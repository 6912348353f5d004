from __future__ import annotations

from collections.abc import Callable

from nicegui import ui


class IconButton(ui.button):
    def __init__(self, icon: str, label: str, on_click: Callable[[], object] | None = None) -> None:
        """Icon Button

        A button that shows an icon; its words appear under the pointer and are heard by screen readers.
        """
        super().__init__(icon=icon, on_click=(lambda: on_click()) if on_click else None)
        self.props('flat round')
        self.props['aria-label'] = self.props['title'] = label
