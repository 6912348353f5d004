"""A chat as NiceGUI's simulated user sees it."""

import json
from typing import Any

from nicegui import ui
from nicegui.testing import User

from components.conversation.chat import Chat
from components.conversation.rows.divider import DividerRow
from components.conversation.rows.turn_row import TurnRow
from components.conversation.transcript.transcript import Transcript

from .transcript.events import Event
from .transcript.transcripts import apply


class Page:
    """A page with nothing but a chat, and the transcript that it shows."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.transcript = Transcript()
        self.kept = True

    async def open(self) -> None:
        @ui.page('/')
        def page() -> None:
            self.chat = Chat(empty=lambda: ui.label('Press the button and speak.'), is_kept=lambda _: self.kept)

        await self.user.open('/')

    def apply(self, *events: Event) -> None:
        """Apply events, as they come in one batch."""
        changed = set[str]().union(*(apply(self.transcript, event_) for event_ in events))
        self.chat.show(self.transcript, changed)

    def rows(self) -> list[TurnRow | DividerRow]:
        shown = self.chat.shown
        assert set(shown.order) == shown.rows.keys()
        return [shown.rows[key] for key in shown.order]

    def bubbles(self) -> list[TurnRow]:
        return [row for row in self.rows() if isinstance(row, TurnRow)]

    def looks(self) -> list[str]:
        """Each bubble in order: `user open Hello | interrupted`."""
        return [' '.join([row.speaker, row.status, *words(row)]) for row in self.bubbles()]

    def announced(self) -> list[str]:
        return self.chat.shown.news

    def start_browser(self, version: int | None = None) -> None:
        """Report that the browser has rendered this version, the latest by default, and note what is sent to it."""
        self.sent: list[dict[str, Any]] = []
        self.chat.client.outbox.enqueue_message = lambda _, data, id: self._note(data['code'])  # type: ignore
        self.user.find(Chat).trigger('ready', self.chat.shown.version if version is None else version)

    def _note(self, code: str) -> None:
        id, method, (message,) = json.loads(f'[{code.removeprefix("runMethod(").removesuffix(")")}]')
        assert (id, method) == (self.chat.id, 'apply')
        self.sent.append(message)


def words(row: TurnRow) -> list[str]:
    """Return the text of a bubble below the speaker's name."""
    dots = f'[{row.waiting}]' if row.waiting else ''
    return [word for word in (row.said, row.unheard, row.note, dots) if word]
