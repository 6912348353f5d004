"""Notifications beside the conversation."""

from nicegui import ui

from components.words.page import words


def tell(message: str) -> None:
    """Show a message for ten seconds, or until the user closes it."""
    ui.notify(message, multi_line=True, timeout=10_000, close_button=words('page.ok'))
