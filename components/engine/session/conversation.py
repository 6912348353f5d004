"""The items of a session, in order."""

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.items import Item, Message, Part
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
        """Remove the end of a spoken answer that nobody heard."""
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
        part.text = _heard(part, audio_end_ms)
        part.milliseconds, part.sentence_ends = audio_end_ms, []


def _heard(part: Part, audio_end_ms: int) -> str:
    """The words whose sound ended by then. Within a sentence, words are counted in proportion to time.

    Sentences differ in this: '$23.50' takes longer than it looks, and a block of code no time at all.
    """
    text = part.text or ''
    ends = [(0, 0), *part.sentence_ends, (len(text), part.milliseconds)]
    begun = max(index for index, (_, ms) in enumerate(ends) if ms <= audio_end_ms)
    start, start_ms = ends[begun]
    end, end_ms = ends[min(begun + 1, len(ends) - 1)]
    words = text[start:end].split()
    count = len(words) * (audio_end_ms - start_ms) // max(end_ms - start_ms, 1)
    return ' '.join([*text[:start].split(), *words[:count]])
