"""The sheet of conversations: the list, the search, and what concerns all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from nicegui import ui

from components.history.database import DatabaseProblem
from components.history.entries import ConversationEntry, SearchHit
from components.history.export.downloads import download_url
from components.history.kept import KeptConversations
from components.history.owner import HOST
from components.settings.personas.sheets import Sheet
from components.widgets.clipboard.copy_button import CopyButton
from components.widgets.icon_button import IconButton
from components.words.language import one_or_many
from components.words.page import language, words

from .hits import HitRow
from .importer import Importer
from .keeping_time import KeepingTime
from .menu import add_archives, add_downloads, menu_of
from .row import ConversationRow

PART = 50
"""Conversations or hits that are shown at a time."""
TYPING_MS = 250
"""Milliseconds without a key before a search begins."""


class ConversationsSheet(ui.dialog):
    """Shows the conversations of the page's owner.

    Args:
        history: Where they are kept.
        owner: Whose they are.
        here: Identifies the conversation of this page.
        on_turn: Shows a turn of it, by its item id.
    """

    def __init__(self, history: KeptConversations, owner: str, here: str, on_turn: Callable[[str], object]) -> None:
        super().__init__()
        self._history, self._owner, self._here, self._on_turn = history, owner, here, on_turn
        self._deleted_here = False
        self.props['aria-label'] = words('conversations.heading')
        self.on_value_change(lambda: self._leave())
        with self, ui.element().classes('sheet-card conversations').props('data-testid=conversations-sheet'):
            with ui.element().classes('conversations__head'):
                ui.label(words('conversations.heading')).classes('sheet__title').props('role=heading aria-level=2')
                IconButton('close', words('conversations.close'), self.close)
            self._tools = ui.element().classes('conversations__tools')
            self._search = ui.input(words('conversations.search'), on_change=lambda: self._fill())
            self._search.props(f'outlined dense clearable type=search debounce={TYPING_MS} data-testid=search')
            self._search.classes('conversations__search')
            self._news = ui.label().classes('conversations__news').props('role=status data-testid=conversations-news')
            with ui.element().classes('conversations__scroll'):
                self._list = ui.element('ul').classes('conversations__list')
                self._list.props['aria-label'] = words('conversations.heading')
                self._more = ui.button(words('conversations.show_more'), on_click=self._show_more, color=None)
                self._more.props('flat no-caps').classes('conversations__more')
            self._foot = ui.element().classes('conversations__foot')
        self._confirm = Sheet()
        self._last: ConversationEntry | None = None
        self._hits: list[SearchHit] = []

    async def show(self) -> None:
        """Open the sheet with what is kept now."""
        self._search.value = ''
        self.open()
        await self._fill()
        self._add_tools()
        with self._troubles():
            await self._add_foot()

    async def _fill(self) -> None:
        """Show the list, or what the search finds."""
        with self._troubles():
            await self._list_or_find()

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """Say why the database cannot be read."""
        try:
            yield
        except DatabaseProblem as trouble:
            self._news.text = words(f'history.problems.{trouble.problem}')

    async def _list_or_find(self) -> None:
        query = (self._search.value or '').strip()
        if query:
            await self._find(query)
        else:
            await self._list_anew()

    async def _list_anew(self) -> None:
        entries = await self._history.conversations(self._owner, limit=PART)
        if self._is_sought(''):
            self._list.clear()
            self._news.text = ''
            self._last = None
            self._add_rows(entries)

    async def _list_more(self) -> None:
        last = self._last
        entries = await self._history.conversations(self._owner, before=last.updated_at if last else None, limit=PART)
        if self._is_sought('') and last == self._last:
            self._add_rows(entries)

    async def _find(self, query: str) -> None:
        hits = await self._history.search(self._owner, query, limit=PART)
        if self._is_sought(query):
            self._list.clear()
            self._hits = []
            self._add_hits(hits)

    async def _find_more(self, query: str) -> None:
        last = self._hits[-1].number if self._hits else None
        hits = await self._history.search(self._owner, query, before=last, limit=PART)
        if self._is_sought(query) and last == (self._hits[-1].number if self._hits else None):
            self._add_hits(hits)

    def _is_sought(self, query: str) -> bool:
        """Tell whether nobody typed on meanwhile."""
        return query == (self._search.value or '').strip()

    def _add_hits(self, hits: Sequence[SearchHit]) -> None:
        self._hits += hits
        with self._list:
            for hit in hits:
                here = hit.conversation_id == self._here
                HitRow(hit, partial(self._go_to, hit.item_id) if here else None)
        are_all = len(hits) < PART
        self._more.set_visibility(not are_all)
        count = len(self._hits)
        if not count:
            self._news.text = words('conversations.no_hits')
        elif are_all:
            self._news.text = words(f'conversations.hits.{one_or_many(count)}', count=count)
        else:
            self._news.text = words('conversations.many_hits', count=count)

    async def _show_more(self) -> None:
        """Add another part to the list, or to what the search has found."""
        with self._troubles():
            if query := (self._search.value or '').strip():
                await self._find_more(query)
            else:
                await self._list_more()

    def _add_rows(self, entries: Sequence[ConversationEntry]) -> None:
        with self._list:
            for entry in entries:
                ConversationRow(
                    entry,
                    is_open=entry.id == self._here,
                    rename=lambda id, title: self._history.rename(self._owner, id, title),
                    delete=self._delete,
                    restore=self._restore,
                )
        if not entries and not self._last:
            with self._list, ui.element('li').classes('conversations__empty'):
                ui.label(words('conversations.empty'))
                ui.label(words('conversations.empty_more'))
        self._last = entries[-1] if entries else self._last
        self._more.set_visibility(len(entries) == PART)

    def _add_tools(self) -> None:
        self._tools.clear()
        with self._tools:
            export = ui.button(words('conversations.export.button'), icon='download', color=None)
            export.props('outline no-caps dense data-testid=export')
            with export, menu_of(words('conversations.export.button')) as menu:
                add_downloads(menu, self._here, words('conversations.export.one'))
                add_archives(menu)
            export.on_click(menu.open)
            Importer(self._history, self._owner, self._say_and_fill)
            url = download_url(self._here, 'txt', language())
            copy = CopyButton(words('conversations.copy_all'), words, url=url)
            copy.props('data-testid=copy-all')

    async def _add_foot(self) -> None:
        days = await self._history.keep_days(self._owner) if self._owner == HOST else None
        self._foot.clear()
        with self._foot:
            if self._owner == HOST:
                KeepingTime(self._history, self._owner, days, self._confirm, self._fill)
            else:
                ui.label(words('conversations.of_guest')).classes('sheet__note')
            button = ui.button(words('conversations.delete_all'), on_click=self._ask_delete_all, color=None)
            button.props('flat no-caps dense data-testid=delete-all')

    async def _say_and_fill(self, news: str) -> None:
        self._search.value = ''
        await self._fill()
        self._news.text = news

    def _go_to(self, item_id: str) -> None:
        self.close()
        self._on_turn(item_id)

    async def _delete(self, id: str) -> None:
        await self._history.delete(self._owner, id)
        self._deleted_here |= id == self._here

    async def _restore(self, id: str) -> None:
        await self._history.restore(self._owner, id)
        self._deleted_here &= id != self._here

    def _ask_delete_all(self) -> None:
        with self._confirm.shown(words('conversations.delete_all_title')):
            ui.label(words('conversations.delete_all_sure'))
            self._confirm.add_button(words('conversations.cancel'), self._confirm.close)
            sure = self._confirm.add_button(words('conversations.delete_all'), self._delete_all, main=True)
            sure.props('data-testid=delete-all-sure')

    async def _delete_all(self) -> None:
        self._confirm.close()
        await self._history.delete_all(self._owner)
        ui.navigate.to('/new')

    def _leave(self) -> None:
        """Leave a conversation that was deleted, once nothing more can be undone."""
        if not self.value and self._deleted_here:
            ui.navigate.to('/new')
