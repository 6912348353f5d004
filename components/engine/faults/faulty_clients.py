"""The clients of a session, with faults on the way to them."""

import asyncio

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.wire import EventFields, new_id
from components.engine.session.clients import SessionClients
from components.engine.transport.transport import Transport

from .faults import Faults


class FaultyClients(SessionClients):
    """Delays the transcripts of what the user said or replaces them by failures, and may lose the network.

    An answer is not delayed by its transcript: the mind knows the words.
    """

    def __init__(self, faults: Faults, client: Transport) -> None:
        super().__init__(client)
        self.network_dropped = False
        self._faults = faults
        self._delayed: dict[str, list[EventFields]] = {}  # events of transcripts, by item
        self._timers: dict[str, asyncio.TimerHandle] = {}

    @property
    def receivers(self) -> list[Transport]:
        """Everyone who can be reached."""
        return self.sidebands[:] if self.network_dropped else super().receivers

    def send(self, event: EventFields) -> None:
        """Deliver an event to all, unless it is part of a transcript that is delayed or may fail."""
        if not str(event['type']).startswith(_TRANSCRIPTION):
            return super().send(event)
        item_id = str(event['item_id'])
        if item_id not in self._delayed and not self._faults.changes_transcripts:
            return super().send(event)
        self._delayed.setdefault(item_id, []).append(event)
        if event['type'] != f'{_TRANSCRIPTION}delta':  # the words may stream while the user is still speaking
            loop = asyncio.get_running_loop()
            self._timers[item_id] = loop.call_later(self._faults.transcript_delay_seconds, self._release, item_id)
        return None

    async def close(self, *, expired: bool = False) -> None:
        """End all connections. Delayed transcripts are lost."""
        for timer in self._timers.values():
            timer.cancel()
        await super().close(expired=expired)

    def _release(self, item_id: str) -> None:
        del self._timers[item_id]
        events = self._delayed.pop(item_id)
        try:
            self._faults.fail_transcript()
        except RealtimeError as error:
            events = [_failed(events[0], error)]
        for event in events:
            super().send(event)


def _failed(event: EventFields, error: RealtimeError) -> EventFields:
    place = {'item_id': event['item_id'], 'content_index': event['content_index']}
    return {'type': f'{_TRANSCRIPTION}failed', 'event_id': new_id('event'), **place, **error.body()}


_TRANSCRIPTION = 'conversation.item.input_audio_transcription.'
