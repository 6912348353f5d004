"""The words of a page, in the language of whoever looks at it."""

from copy import copy

from nicegui import ui

from .language import Language, preferred


def language() -> Language:
    """The language of the page that is being built, or that an event came from."""
    return preferred(ui.context.client.request.headers.get('accept-language', ''))


def words(key: str, **values: object) -> str:
    """The page's words under this key, see `Language.text`."""
    return language().text(key, **values)


def declare_language() -> None:
    """Tell the browser, and with it screen readers, which language the page that is being built is in."""
    client = ui.context.client
    client.page = copy(client.page)  # NiceGUI keeps one language per route, not per visitor
    client.page.language = language().code  # type: ignore[assignment]
