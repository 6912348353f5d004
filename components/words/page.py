"""The words of a page, in the language of whoever looks at it."""

from copy import copy
from weakref import WeakKeyDictionary

from nicegui import Client, ui

from .language import LANGUAGES, Language, preferred

_DECLARED: WeakKeyDictionary[Client, Language] = WeakKeyDictionary()


def language() -> Language:
    """The language of the page that is being built, or that an event came from."""
    client = ui.context.client
    return _DECLARED.get(client) or preferred(client.request.headers.get('accept-language', ''))


def words(key: str, **values: object) -> str:
    """The page's words under this key, see `Language.text`."""
    return language().text(key, **values)


def declare_language(chosen: object = None) -> None:
    """Settle the language of the page that is being built, and tell the browser, and with it screen readers.

    :param chosen: code of the language that the user wants, perhaps from storage; others leave it to the browser
    """
    client = ui.context.client
    _DECLARED[client] = LANGUAGES.get(str(chosen)) or language()
    client.page = copy(client.page)  # NiceGUI keeps one language per route, not per visitor
    client.page.language = language().code  # type: ignore[assignment]
