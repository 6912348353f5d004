"""Notifications beside the conversation."""

from nicegui import ui

from components.words.page import words


def tell(message: str, *, code: str = '') -> None:
    """Show a message for ten seconds, or until the user closes it. The code names a failure for programs."""
    attributes = {'data-testid': 'notice', 'data-code': code} if code else {}
    ui.notify(message, position='top', multi_line=True, timeout=10_000, close_button=words('page.ok'), attrs=attributes)
