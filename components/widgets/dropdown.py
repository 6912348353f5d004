"""A dropdown as Parley shows it."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui
from nicegui.events import Handler, ValueChangeEventArguments

AS_IT_OPENS = """() => requestAnimationFrame(() => {
    document.querySelectorAll("[role=listbox] > [tabindex]").forEach((it) => it.removeAttribute("tabindex"));
    document.querySelector("[role=listbox] [role=option][aria-selected=true]")?.scrollIntoView({ block: "nearest" });
})"""
"""Only options may take the focus in a list of them; Quasar's wrapper could, too. On a short screen, Quasar scrolls to
the chosen option before it shortens the list."""


class Dropdown(ui.select):
    """A dropdown in the look of the page, whose list screen readers understand.

    Args:
        options: The texts of the values.
        label: What the values are for.
        value: The chosen one.
        on_change: Called when another one is chosen.
    """

    def __init__(
        self,
        options: Mapping[Any, str],
        *,
        label: str,
        value: Any,
        on_change: Handler[ValueChangeEventArguments[Any]] | None = None,
    ) -> None:
        super().__init__(dict(options), label=label, value=value, on_change=on_change)
        self.props('outlined popup-content-class=settings-menu')
        self.on('popup-show', js_handler=AS_IT_OPENS)
