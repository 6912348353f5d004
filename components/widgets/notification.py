"""What is told beside the conversation, long enough to be read."""

from nicegui import ui

from components.words.page import words


def tell(message: str) -> None:
    """Show some sentences for ten seconds, or until the user closes them."""
    ui.notify(message, multi_line=True, timeout=10_000, close_button=words('page.ok'))
