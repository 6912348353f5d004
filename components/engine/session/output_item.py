"""An item that a response brings forth: its place, its beginning and its end, as the client is told of them."""

from dataclasses import dataclass
from typing import Protocol

from components.engine.protocol.items import FunctionCall, Message, Status
from components.engine.protocol.wire import EventValue

from .conversation import Conversation


class Emit(Protocol):
    """Sends a server event of this type, with a fresh `event_id`."""

    def __call__(self, type: str, /, **fields: EventValue) -> None: ...


@dataclass(frozen=True)
class Place:
    """Where an item stands: in which response, at which index, and in which conversation (None: out of band)."""

    response_id: str
    output_index: int
    conversation: Conversation | None
    emit: Emit


class OutputItem:
    """The begin and the end of an item, the same for messages and function calls."""

    def __init__(self, item: Message | FunctionCall, place: Place) -> None:
        self.item = item
        self._place = place
        self._emit('response.output_item.added', item=item.wire())
        if place.conversation:
            previous = place.conversation.last_id
            place.conversation.add(item)
            place.emit('conversation.item.added', previous_item_id=previous, item=item.wire())

    def tell(self, type: str, **fields: EventValue) -> None:
        """Emit an event about this item."""
        self._emit(type, item_id=self.item.id, **fields)

    def end(self, status: Status) -> None:
        self.item.status = status
        conversation = self._place.conversation
        if conversation and self.item in conversation.items:
            previous = conversation.previous_id(self.item)
            self._place.emit('conversation.item.done', previous_item_id=previous, item=self.item.wire())
        self._emit('response.output_item.done', item=self.item.wire())

    def _emit(self, type: str, **fields: EventValue) -> None:
        place = self._place
        place.emit(type, response_id=place.response_id, output_index=place.output_index, **fields)
