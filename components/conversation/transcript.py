"""The transcript: events of the Realtime protocol in, ordered turns out. Knows neither a page nor a network."""

from collections.abc import Mapping
from typing import Any

from . import item_events, response_events, speech_events
from .conversation import Conversation, Handlers
from .heard import Pace
from .seeds import seeds
from .turn import Turn
from .wire import Fields, Ignored

HANDLERS: Handlers = {**speech_events.HANDLERS, **item_events.HANDLERS, **response_events.HANDLERS}

# Repetitions follow a lost connection, within seconds, and a busy second has some hundred events.
REMEMBERED_EVENTS = 4096


class Transcript:
    """The ordered turns of a conversation.

    Takes the service's events in any order that the protocol allows. An event that is malformed, unknown, late or a
    repetition changes nothing and raises nothing.
    """

    def __init__(self) -> None:
        self._conversation = Conversation()
        self._turns: dict[str, Turn] = {}
        self._event_ids: dict[str, None] = {}  # oldest first

    @property
    def turns(self) -> list[Turn]:
        """All turns in the order of the conversation. Speech that is still being heard stands at the end."""
        return [self._turns[item_id] for item_id in self._conversation.ids()]

    @property
    def pace(self) -> Pace:
        """How fast the voice of the running call speaks, as far as is known."""
        return self._conversation.pace

    def apply(self, event: Mapping[str, Any], at: float | None = None) -> set[str]:
        """Apply one service event.

        Returns the item ids of the turns that came, changed, moved or vanished; none if `turns` is as before.

        :param at: time of the event in seconds, on any clock the caller keeps to; it becomes the turns' times
        """
        version = self._conversation.order.version
        try:
            fields = Fields(event)
            handle = HANDLERS.get(fields.text('type'))
            event_id = fields.text_or_none('event_id')
            if handle is None or event_id in self._event_ids:
                return set()
            self._conversation.now = at
            touched = set(handle(self._conversation, fields))
        except Ignored:
            return set()
        if event_id:
            self._remember(event_id)
        moved = self._conversation.order.version != version
        return {item_id for item_id in touched if self._refresh(item_id, at) or (moved and item_id in self._turns)}

    def end_call(self, at: float | None = None) -> set[str]:
        """The call is over, so no more events come: what is open now stays as it is.

        Returns the item ids of the turns that changed or vanished. The next call's events go on from here.
        """
        return {item_id for item_id in self._conversation.end_call() if self._refresh(item_id, at)}

    def seeds(self) -> list[dict[str, Any]]:
        """Return the client events that tell a new call what was said so far; its items are these turns, not new."""
        told = seeds(self.turns)
        self._conversation.seeded.update(event['item']['id'] for event in told)
        return told

    def _refresh(self, item_id: str, at: float | None) -> bool:
        """Make the turn anew; tells whether it differs."""
        before = self._turns.pop(item_id, None)
        draft = self._conversation.drafts.get(item_id)
        if draft is None:
            return before is not None
        self._turns[item_id] = draft.turn(at, sounding=self._conversation.is_sounding(draft))
        return self._turns[item_id] != before

    def _remember(self, event_id: str) -> None:
        self._event_ids[event_id] = None
        if len(self._event_ids) > REMEMBERED_EVENTS:
            del self._event_ids[next(iter(self._event_ids))]
