"""The texts of a page, in the language of its user."""

from copy import copy
from weakref import WeakKeyDictionary

from nicegui import Client, ui

from .language import LANGUAGES, Language, preferred

_DECLARED: WeakKeyDictionary[Client, Language] = WeakKeyDictionary()


def language() -> Language:
    """Return the language of the page that is being built, or that an event came from."""
    client = ui.context.client
    return _DECLARED.get(client) or preferred(client.request.headers.get('accept-language', ''))


def words(key: str, **values: object) -> str:
    """Return the page's text of a key; see `Language.text`."""
    return language().text(key, **values)


def declare_language(chosen: object = None) -> None:
    """Set the language of the page that is being built, and declare it to the browser, for screen readers.

    Args:
        chosen: The code of the language that the user has chosen; anything else leaves it to the browser.
    """
    client = ui.context.client
    _DECLARED[client] = LANGUAGES.get(str(chosen)) or language()
    client.page = copy(client.page)  # NiceGUI has one language per route, not per visitor
    client.page.language = language().code  # type: ignore[assignment]
