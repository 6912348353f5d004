"""The sheet of conversations while its database takes its time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing import User

from components.history.entries import ConversationEntry
from components.history.finding import sheet as module
from components.history.finding.keeping_time import KeepingTime
from components.history.finding.row import ConversationRow
from components.history.finding.sheet import ConversationsSheet
from components.words.page import declare_language
from tests.history.conversations import BEGAN, conversation, turn
from tests.history.memory import KeptInMemory


class Slow(KeptInMemory):
    """A database that answers when others have had their turn."""

    async def conversations(
        self, owner: str, *, before: float | None = None, limit: int = 50
    ) -> Sequence[ConversationEntry]:
        found = await super().conversations(owner, before=before, limit=limit)
        await asyncio.sleep(0)
        return found

    async def keep_days(self, owner: str) -> int | None:
        await asyncio.sleep(0)
        return None


async def test_a_button_that_is_pressed_twice_shows_each_conversation_once(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, 'PART', 2)
    history, sheets = Slow(), []
    for number in range(4):
        kept = conversation(turn(f'u{number}', 'Hello.', number), title=f'Talk {number}')
        kept = replace(kept, entry=replace(kept.entry, updated_at=BEGAN + number))
        await history.import_conversation('host', kept)

    @ui.page('/')
    def page() -> None:
        declare_language()
        sheets.append(ConversationsSheet(history, 'host', 'none', print))

    client = await user.open('/')
    (sheet,) = sheets

    async def twice(press: Callable[[], Awaitable[object]]) -> int:
        async def once() -> None:
            with client:
                await press()

        await asyncio.gather(once(), once())
        with client:
            return len(list(ElementFilter(kind=ConversationRow)))

    assert await twice(sheet.show) == 2
    assert await twice(sheet._show_more) == 4
    with client:
        assert len(list(ElementFilter(kind=KeepingTime))) == 1
