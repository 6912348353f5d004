"""Unfolds the settings in a test's own process."""

from nicegui import Client, ElementFilter

from components.widgets.folded import Folded


def unfold(page: Client) -> None:
    """Unfold all folded parts of a page, which builds what is in them."""
    with page:
        for part in ElementFilter(kind=Folded):
            part.fill()
