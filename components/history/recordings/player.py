"""Plays the recordings of a conversation, in step with its turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from nicegui import background_tasks, ui

from components.call.items import Speaker
from components.conversation.chat import PLAYABLE_TURNS, READER
from components.history.database import DatabaseProblem
from components.history.history import History
from components.history.notebook import Notebook
from components.widgets.own_url import own_url
from components.words.page import language

from .recording import Recording

STILL_GOING_S = 20.0
"""Seconds without a new piece after which a recording is taken as ended; browsers send one every two."""
AWAITED = {Speaker.USER, Speaker.ASSISTANT}


class RecordingPlayer(ui.element, component='recording_player.js', dependencies=[PLAYABLE_TURNS, READER]):
    """A player above the conversation; nothing while it has no recording.

    The turn that is heard is marked and brought into view, unless the reader scrolls. The time of a turn
    that was recorded is a button, which plays from there.

    Args:
        history: Where the recordings are.
        notebook: The conversation of the page.
        on_seek: Called with the item id of a turn that is heard and not rendered.

    Attributes:
        url: The address to which the conversation's recordings are sent, and from which they come.
    """

    def __init__(self, history: History, notebook: Notebook, on_seek: Callable[[str], object]) -> None:
        super().__init__()
        self._history, self._notebook = history, notebook
        self.url = own_url(f'/c/{notebook.id}/recordings')
        self.props['texts'] = language().section('recording')
        self.props['recordings'], self.props['turns'] = [], []
        self.on('seek', lambda event: on_seek(str(event.args)))
        self.client.on_connect(self._refresh)
        self.client.on_delete(history.recordings.on_finished(notebook.id, self._refresh_later))

    def _refresh_later(self) -> None:
        background_tasks.create(self._refresh(), name='show a new recording')

    async def _refresh(self) -> None:
        with suppress(DatabaseProblem):  # the page says so
            found = await self._history.recorded(self._notebook.owner, self._notebook.id)
            self._show(list(found.recordings) if found else [])

    def _show(self, recordings: list[Recording]) -> None:
        now = time.time()
        shown = [each for each in recordings if each.bytes and _is_over(each, now)]
        if len(shown) < len(recordings):
            with self:
                ui.timer(STILL_GOING_S, self._refresh, once=True)
        if not shown and not self.props['recordings']:
            return  # an update would render the whole page again
        with self:
            self.props['turns'] = [
                {'id': turn.item_id, 'at': turn.sound_started_at or turn.started_at}
                for turn in self._notebook.transcript.turns
                if turn.speaker in AWAITED and turn.started_at is not None and turn.spoken
            ]
            self.props['recordings'] = [
                {
                    'url': f'{self.url}/{each.id}',
                    'download': f'{self.url}/{each.id}?download={quote(_day(each.started_at))}',
                    'at': each.started_at,
                    'seconds': each.seconds,
                }
                for each in shown
            ]
        self.update()


def _is_over(recording: Recording, now: float) -> bool:
    return recording.finished or recording.changed_at < now - STILL_GOING_S


def _day(at: float) -> str:
    return f'{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H.%M}'
