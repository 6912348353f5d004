"""Has the older part of a long conversation summarised, so that the next call can be told of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from components.conversation import effects
from components.conversation.director import Director
from components.conversation.transcript.seeds import unsummarised
from components.conversation.transcript.summary import INSTRUCTIONS, Summary, next_part, request
from components.providers.error import ProviderError
from components.providers.text_writer import TextWriter
from components.settings.settings import Settings

from .history import History
from .journal import Journal

WORTH_IT = 10
"""Turns that have become too old to be told word by word since the last summary. Fewer are told in extracts."""
MOST_REQUESTS = 4
"""Requests one after the other, each of which costs money. The rest of a conversation waits for the next occasion."""

log = logging.getLogger('parley.history')


class Summariser:
    """Keeps the summary of one conversation up to date while a call goes on and after it. No call waits for it.

    It asks the text model of the provider that the user talks with. Nothing is summarised off the record, nor is
    anything that was said off the record.

    Args:
        history: Where the conversation is kept.
        journal: Writes it.
        director: Tells when a call ends and turns change.
        text_writer: Returns the text model for these settings, None if there is none.
    """

    def __init__(
        self,
        history: History,
        journal: Journal,
        director: Director,
        text_writer: Callable[[Settings], TextWriter | None],
    ) -> None:
        self._history, self._journal, self._director = history, journal, director
        self._text_writer = text_writer
        self._task: asyncio.Task[None] | None = None
        self._considered = len(director.transcript.turns)
        self._failed_at = 0
        """How many turns waited when the text model failed: it is asked again when there are more."""
        director.on(effects.CallStarted, lambda _: self._make_room())
        director.on(effects.TurnsChanged, lambda _: self._notice_turns())
        director.on(effects.CallEnded, lambda _: self._consider())

    def _make_room(self) -> None:
        """Stop while a call needs the model."""
        writer = self._text_writer(self._director.settings)
        if self._task and writer and writer.answers_calls:
            self._task.cancel()

    def _notice_turns(self) -> None:
        """Consider a summary now and then: turns change with every word."""
        if len(self._director.transcript.ids) >= self._considered + WORTH_IT:
            self._consider()

    def _consider(self) -> None:
        """Begin if there is enough to summarise."""
        transcript = self._director.transcript
        self._considered = len(transcript.turns)
        if (self._task and not self._task.done()) or self._journal.off_the_record:
            return
        writer = self._text_writer(self._director.settings)
        if writer is None or (writer.answers_calls and self._director.is_running):
            return
        waiting = len(unsummarised(transcript.turns, transcript.summary))
        if waiting >= self._failed_at + WORTH_IT:
            self._task = self._history.in_background(self._summarise(writer), 'summary')

    async def _summarise(self, writer: TextWriter) -> None:
        transcript = self._director.transcript
        for _ in range(MOST_REQUESTS):
            summary = transcript.summary
            if summary and summary.rest_of(transcript.turns) is None:
                summary = None
            waiting = unsummarised(transcript.turns, summary)
            turns = next_part([turn for turn in waiting if self._journal.keeps(turn)])
            if len(waiting) < WORTH_IT or not turns or self._journal.off_the_record or self._journal.is_deleted:
                return
            try:
                text = await writer.write(INSTRUCTIONS, request(summary, turns))
            except ProviderError as error:
                self._failed_at = len(waiting)
                log.warning('The older part of a conversation was not summarised: %s', error)
                return
            self._failed_at = 0
            transcript.summary = Summary(text, turns[-1].item_id)
            self._journal.summarised(transcript.summary)
