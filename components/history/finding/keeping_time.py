"""How long conversations are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from components.history.kept import KeptConversations
from components.settings.personas.sheets import Sheet
from components.words.page import words

DAYS = (None, 365, 90, 30, 7)
"""The choices; None is for ever."""


class KeepingTime(ui.select):
    """A choice of how long conversations are kept. Asks before a shorter time deletes some.

    Args:
        history: Where they are kept.
        owner: Whose they are.
        days: The present choice; None is for ever.
        confirm: Asks.
        on_change: Called after a change.
    """

    def __init__(
        self,
        history: KeptConversations,
        owner: str,
        days: int | None,
        confirm: Sheet,
        on_change: Callable[[], Awaitable[object]],
    ) -> None:
        options = {each or 0: _name(each) for each in DAYS} | {days or 0: _name(days)}
        super().__init__(options, value=days or 0, label=words('conversations.keep.label'))
        self.props('outlined dense options-dense data-testid=keep-days').classes('conversations__keep')
        self._history, self._owner, self._days = history, owner, days
        self._confirm, self._on_kept = confirm, on_change
        self.on_value_change(lambda event: self._choose(event.value or None))

    async def _choose(self, days: int | None) -> None:
        if days == self._days:
            return
        if days is None or (self._days is not None and days > self._days):
            await self._keep(days)
            return
        with self._confirm.shown(words('conversations.keep.title')):
            ui.label(words('conversations.keep.sure', time=_name(days)))
            self._confirm.add_button(words('conversations.cancel'), self._put_back)
            self._confirm.add_button(words('conversations.keep.yes'), lambda: self._keep(days), main=True)

    def _put_back(self) -> None:
        self._confirm.close()
        self.value = self._days or 0

    async def _keep(self, days: int | None) -> None:
        self._confirm.close()
        self._days = days
        await self._history.set_keep_days(self._owner, days)
        await self._on_kept()


def _name(days: int | None) -> str:
    if days is None:
        return words('conversations.keep.for_ever')
    return words('conversations.keep.one_year') if days == 365 else words('conversations.keep.days', count=days)
