"""The frame of all pages: their look, their language, and sentences for unexpected errors."""

from pathlib import Path

from nicegui import app, ui

from components.sharing.door.door import JOIN_AT
from components.sharing.page import explain_unknown_proxy
from components.sharing.visitor import Guest, visitor
from components.widgets.home_screen import home_screen_head
from components.widgets.lost_connection import LostConnection
from components.widgets.notification import tell
from components.widgets.own_url import own_url
from components.words.page import declare_language, words

from .afterwards import Afterwards
from .error_page import declare_error_pages
from .look_choice import begin_look
from .style_sheet import serve_style_sheet

STYLES = (
    *('page', 'settings/settings', 'settings/folded', 'settings/personas'),
    *('chat/welcome', 'chat/conversation', 'chat/turns', 'chat/markdown', 'chat/message_box'),
    *('call/call', 'call/controls', 'call/voices'),
    *('sheets', 'status', 'sharing', 'audience', 'settings/mind', 'history', 'short_screens', 'touch', 'forced_colors'),
)


WITHOUT_FALLBACK = """<script type="module">
  const styles = [...document.querySelectorAll("style")];
  styles.find((style) => style.textContent.includes("#esm-fallback ~"))?.remove();
</script>"""
"""Removes NiceGUI's style for browsers without modules, once modules run. Because of its `~ *`, browsers compute the
style of all siblings behind each new element again."""


def declare_frame(assets: Path, prefix: str = '') -> None:
    """Give all pages their styles, and errors pages of Parley's own.

    Args:
        assets: The folder with the styles.
        prefix: The path below which a proxy serves Parley.
    """
    declare_look(assets, prefix)
    declare_error_pages()
    app.add_middleware(Afterwards)


def declare_look(assets: Path, prefix: str = '') -> None:
    """Give all pages their styles.

    Args:
        assets: The folder with the styles.
        prefix: The path below which a proxy serves Parley.
    """
    serve_style_sheet([assets / 'styles' / f'{name}.css' for name in STYLES], prefix)
    ui.add_body_html(WITHOUT_FALLBACK, shared=True)
    app.colors(primary='var(--ink)')  # controls have no hue: hues belong to voices
    app.config.quasar_config['loadingBar'] = {'skipHijack': True}  # no bar that blinks at the top with every request


def begin_page(note: str = '') -> None:
    """Declare the language of the page that is being built, and prepare it for errors and a lost connection.

    Args:
        note: The key of a sentence that the page says at first, such as why it shows another conversation.
    """
    declare_language(app.storage.user.get('language'))
    begin_look()
    explain_unknown_proxy()
    is_guest = isinstance(visitor(ui.context.client.request.scope), Guest)
    ui.add_head_html(home_screen_head(JOIN_AT if is_guest else own_url('')))
    ui.on_exception(lambda: tell(words('page.unexpected')))
    LostConnection(words)
    if note:
        show_note(note)


def show_note(key: str) -> None:
    """Say a sentence for a while, in the language of the page."""
    tell(words(key))


def show_address(path: str) -> None:
    """Let the browser's address bar show another path of Parley's, without loading it."""
    ui.navigate.history.replace(own_url(path))
