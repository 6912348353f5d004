"""Imports conversations from files that Parley made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from nicegui import events, ui

from components.history.kept import KeptConversations
from components.words.language import one_or_many
from components.words.page import words


class Importer(ui.element):
    """A button that lets the user choose files, and imports them: each file completely or not at all.

    Args:
        history: Where the conversations are kept from then on.
        owner: Whose they are then.
        on_done: Called with a sentence that says what came of it.
    """

    def __init__(self, history: KeptConversations, owner: str, on_done: Callable[[str], Awaitable[object]]) -> None:
        from components.history.export.conversation_file import LARGEST_FILE  # here and below: few import anything

        super().__init__()
        self._history, self._owner, self._on_done = history, owner, on_done
        with self:
            upload = ui.upload(
                multiple=True,
                auto_upload=True,
                max_file_size=LARGEST_FILE,
                on_multi_upload=self._take,
                on_rejected=lambda: on_done(words('conversations.unreadable.too_large')),
            )
            upload.classes('conversations__upload').props('accept=.json,.zip aria-hidden=true')
            button = ui.button(words('conversations.import.button'), icon='upload', color=None)
            button.props('outline no-caps dense data-testid=import')
            choose = f'() => runMethod({upload.id}, "pickFiles", [])'  # in the click itself, or browsers refuse
            button.on('click', js_handler=choose)
        self._upload = upload

    async def _take(self, event: events.MultiUploadEventArguments) -> None:
        from components.history.export.conversation_file import UnreadableFile, read

        news, count, known = [], 0, 0
        for file in event.files:
            try:
                conversations = await asyncio.to_thread(read, await file.read())
            except UnreadableFile as error:
                reason = words(f'conversations.unreadable.{error.problem}', place=error.place)
                news.append(words('conversations.import.refused', file=file.name, reason=reason))
                continue
            for conversation in conversations:
                if await self._history.has(self._owner, conversation):
                    known += 1
                else:
                    await self._history.import_conversation(self._owner, conversation)
                    count += 1
        self._upload.reset()
        await self._on_done(' '.join([*_counted('imported', count), *_counted('known', known), *news]))


def _counted(what: Literal['imported', 'known'], count: int) -> list[str]:
    if not count:
        return []
    return [words(f'conversations.import.{what}.{one_or_many(count)}', count=count)]
