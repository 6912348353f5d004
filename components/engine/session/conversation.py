"""The items of a session, in order."""

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.items import Item, Message
from components.engine.protocol.wire import new_id


class Conversation:
    """The items of a session. Methods that name an item raise `RealtimeError` (`item_not_found`) if there is none."""

    def __init__(self) -> None:
        self.id = new_id('conv')
        self.items: list[Item] = []

    @property
    def last_id(self) -> str | None:
        """The ID of the last item."""
        return self.items[-1].id if self.items else None

    def get(self, item_id: str, *, param: str = 'item_id') -> Item:
        """Return an item. `param` is the field that named it."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise RealtimeError(f"Item '{item_id}' does not exist.", code='item_not_found', param=param)

    def previous_id(self, item: Item) -> str | None:
        """Return the ID of the item before this one, or None if it is the first."""
        index = self.items.index(item)
        return self.items[index - 1].id if index else None

    def add(self, item: Item, *, after: str | None = None) -> None:
        """Add an item at the end, after the item that `after` names, or first (`root`)."""
        if any(known.id == item.id for known in self.items):
            raise RealtimeError(f"Item '{item.id}' already exists.", code='invalid_value', param='item.id')
        if after is None:
            self.items.append(item)
        elif after == 'root':
            self.items.insert(0, item)
        else:
            place = self.items.index(self.get(after, param='previous_item_id'))
            self.items.insert(place + 1, item)

    def remove(self, item_id: str) -> None:
        """Remove an item."""
        self.items.remove(self.get(item_id))

    def truncate(self, item_id: str, content_index: int, audio_end_ms: int) -> None:
        """Remove the end of a spoken answer that nobody heard. Words are cut in proportion to sound."""
        item = self.get(item_id)
        if not isinstance(item, Message) or item.role != 'assistant' or content_index >= len(item.content):
            raise RealtimeError('Only spoken answers can be truncated.', code='invalid_value', param='item_id')
        part = item.content[content_index]
        if part.kind != 'output_audio' or audio_end_ms > part.milliseconds:
            raise RealtimeError(
                f'Audio content of {part.milliseconds} ms is shorter than {audio_end_ms} ms.',
                code='invalid_value',
                param='audio_end_ms',
            )
        words = (part.text or '').split()
        heard = len(words) * audio_end_ms // max(part.milliseconds, 1)
        part.text = ' '.join(words[:heard])
        part.milliseconds = audio_end_ms
