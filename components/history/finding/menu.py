"""Menus of the sheet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from components.history.export.downloads import archive_url, download_url
from components.words.page import language, words

PACKED = ('md', 'txt', 'json')
"""The formats in which all conversations are offered at once; captions belong to one."""


def menu_of(label: str) -> ui.menu:
    """Add an empty menu to the button that is being built."""
    menu = ui.menu().classes('menu')
    menu.props['aria-label'] = label
    return menu


def add_item(menu: ui.menu, text: str, on_click: Callable[[], Awaitable[object] | object], name: str) -> ui.button:
    """Add something that the menu does."""

    async def act() -> None:
        menu.close()
        if isinstance(doing := on_click(), Awaitable):
            await doing

    button = ui.button(text, on_click=act, color=None)
    return button.props(f'flat no-caps align=left role=menuitem data-testid=conversation-{name}')


def add_downloads(menu: ui.menu, conversation_id: str, heading: str) -> None:
    """Add the files that one conversation can be saved as."""
    from components.history.export.formats import FORMATS  # few use them

    _add_heading(heading)
    for ending in FORMATS:
        _add_link(
            menu, words(f'conversations.export.formats.{ending}'), download_url(conversation_id, ending, language())
        )


def add_archives(menu: ui.menu) -> None:
    """Add the archives that all conversations can be saved as."""
    _add_heading(words('conversations.export.all'))
    for ending in PACKED:
        _add_link(menu, words(f'conversations.export.formats.{ending}'), archive_url(ending, language()))


def _add_heading(text: str) -> None:
    ui.label(text).classes('menu__heading').props('role=presentation')


def _add_link(menu: ui.menu, text: str, url: str) -> None:
    link = ui.button(text, on_click=menu.close, color=None).props('flat no-caps align=left role=menuitem download')
    link.props['href'] = url
    link.props['data-testid'] = f'export-{url.partition("?")[0].rpartition(".")[2]}'
    if 'format=' in url:
        link.props['data-testid'] = f'export-all-{url.partition("format=")[2].partition("&")[0]}'
