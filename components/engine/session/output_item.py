"""An item of a response, and the events that begin and end it."""

from dataclasses import dataclass
from typing import Protocol

from components.engine.protocol.items import FunctionCall, Message, Status
from components.engine.protocol.wire import EventValue

from .conversation import Conversation


class Emit(Protocol):
    """Sends a server event of this type, with a fresh `event_id`."""

    def __call__(self, type: str, /, **fields: EventValue) -> None:
        """Send the event."""


@dataclass(frozen=True)
class Position:
    """Where an item belongs: its response, its index there, and its conversation (None if it is out of band)."""

    response_id: str
    output_index: int
    conversation: Conversation | None
    emit: Emit


class OutputItem:
    """An item whose beginning is announced at once. Messages and function calls begin and end in the same way."""

    def __init__(self, item: Message | FunctionCall, position: Position) -> None:
        self.item = item
        self._position = position
        self._emit('response.output_item.added', item=item.wire())
        if position.conversation:
            previous = position.conversation.last_id
            position.conversation.add(item)
            position.emit('conversation.item.added', previous_item_id=previous, item=item.wire())

    def emit(self, type: str, **fields: EventValue) -> None:
        """Emit an event about this item."""
        self._emit(type, item_id=self.item.id, **fields)

    def end(self, status: Status) -> None:
        """Announce that the item is complete, or that nothing more follows."""
        self.item.status = status
        conversation = self._position.conversation
        if conversation and self.item in conversation.items:
            previous = conversation.previous_id(self.item)
            self._position.emit('conversation.item.done', previous_item_id=previous, item=self.item.wire())
        self._emit('response.output_item.done', item=self.item.wire())

    def _emit(self, type: str, **fields: EventValue) -> None:
        at = self._position
        at.emit(type, response_id=at.response_id, output_index=at.output_index, **fields)
