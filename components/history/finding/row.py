"""A row of the list: one conversation, with what can be done with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from components.conversation.local_time import LocalTime
from components.history.entries import ConversationEntry
from components.history.export.shown_turn import length
from components.widgets.icon_button import IconButton
from components.widgets.own_url import own_url
from components.words.page import words

from .menu import add_downloads, add_item, menu_of

UNDO_S = 20.0
"""Seconds for which a deleted row offers to undo that."""
LONGEST_TITLE = 120
"""Characters of a title given by hand."""


class ConversationRow(ui.element):
    """Shows a conversation as a link that opens it. It can be renamed and deleted in place.

    Args:
        entry: The conversation.
        is_open: Whether it is the one on this page.
        rename: Gives it another title.
        delete: Deletes it.
        restore: Undoes that.
    """

    def __init__(
        self,
        entry: ConversationEntry,
        *,
        is_open: bool,
        rename: Callable[[str, str], Awaitable[object]],
        delete: Callable[[str], Awaitable[object]],
        restore: Callable[[str], Awaitable[object]],
    ) -> None:
        super().__init__('li')
        self.classes('conversation').props('data-testid=conversation-row')
        self.props['data-id'] = entry.id
        self._entry, self._title = entry, entry.title or words('conversations.untitled')
        self._is_open = is_open
        self._rename, self._delete, self._restore = rename, delete, restore
        self._show()

    def _show(self) -> None:
        entry = self._entry
        self._refill()
        with self:
            with ui.element('a').classes('conversation__link') as link:
                link.props['href'] = own_url(f'/c/{entry.id}')
                if self._is_open:
                    link.props['aria-current'] = 'page'
                ui.label(self._title).classes('conversation__title').props('dir=auto')
                with ui.element().classes('conversation__about'):
                    if entry.persona:
                        ui.label(entry.persona)
                    LocalTime(entry.updated_at, 'date-time')
                    ui.label(length(entry.turns, entry.seconds, words))
                    if self._is_open:
                        ui.label(words('conversations.open_here')).classes('conversation__here')
            self._more = IconButton('more_vert', words('conversations.more', title=self._title), self._show_menu)
            self._more.props('dense data-testid=conversation-more')

    def _refill(self) -> None:
        self.clear()
        self._menu: ui.menu | None = None

    def _show_menu(self) -> None:
        if self._menu is None:  # most rows never need theirs
            with self._more, menu_of(words('conversations.more', title=self._title)) as self._menu:
                add_item(self._menu, words('conversations.rename'), self._ask_title, 'rename')
                add_item(self._menu, words('conversations.delete'), self._remove, 'delete')
                add_downloads(self._menu, self._entry.id, words('conversations.export.button'))
        self._menu.open()

    def _ask_title(self) -> None:
        self._refill()
        with self, ui.element('form').classes('conversation__form') as form:
            box = ui.input(words('conversations.title'), value=self._title).props('outlined dense autofocus')
            box.props(f'maxlength={LONGEST_TITLE} data-testid=conversation-title')
            box.on('keydown.escape.stop', self._show_again, [])  # and the sheet stays open
            ui.button(words('conversations.save'), color=None).props('unelevated no-caps type=submit').classes(
                'button--main'
            )
            form.on('submit.prevent', lambda: self._take_title(box.value), [])

    async def _take_title(self, title: str) -> None:
        title = ' '.join(title.split())[:LONGEST_TITLE]
        if title and title != self._title:
            await self._rename(self._entry.id, title)
            self._title = title
        self._show_again()

    def _show_again(self) -> None:
        self._show()
        self._focus(self._more)

    async def _remove(self) -> None:
        await self._delete(self._entry.id)
        self._refill()
        with self, ui.element().classes('conversation__deleted').props('role=status'):
            ui.label(words('conversations.deleted', title=self._title))
            undo = ui.button(words('conversations.undo'), on_click=self._bring_back, color=None)
            undo.props('outline no-caps dense data-testid=undo')
            self._timer = ui.timer(UNDO_S, self.delete, once=True)
        self._focus(undo)

    async def _bring_back(self) -> None:
        self._timer.cancel()
        await self._restore(self._entry.id)
        self._show_again()

    def _focus(self, button: ui.button) -> None:
        """The button that was pressed is gone; a keyboard's user goes on from here."""
        self.client.run_javascript(f'requestAnimationFrame(() => getHtmlElement({button.id})?.focus())')
