"""A button with an icon."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui


class IconButton(ui.button):
    """A button that shows an icon. Its label appears as a tooltip, and screen readers read it.

    Args:
        icon: The name of a Material icon.
        label: The action of the button.
        on_click: Called when the button is pressed.
    """

    def __init__(self, icon: str, label: str, on_click: Callable[[], object] | None = None) -> None:
        super().__init__(icon=icon, on_click=(lambda: on_click()) if on_click else None)
        self.props('flat round')
        self.props['aria-label'] = self.props['title'] = label
