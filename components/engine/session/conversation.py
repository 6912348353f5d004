"""The items of a session, in order."""

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.items import Item, Message, Part
from components.engine.protocol.wire import new_id


class Conversation:
    """The items of a session.

    Methods that name an item raise `RealtimeError` if there is none. The codes are those of OpenAI's API, on which
    clients rely: LiveKit takes `item_create_duplicate_item_id` for success, and Pipecat waits for
    `item_retrieve_invalid_item_id`.
    """

    def __init__(self) -> None:
        self.id = new_id('conv')
        self.items: list[Item] = []

    @property
    def last_id(self) -> str | None:
        """The ID of the last item."""
        return self.items[-1].id if self.items else None

    def retrieve(self, item_id: str) -> Item:
        """Return an item."""
        if item := self._find(item_id):
            return item
        raise _missing('retrieving', 'item_retrieve_invalid_item_id', item_id)

    def referenced(self, item_id: str, *, param: str) -> Item:
        """Return an item that the field `param` of a response refers to."""
        if item := self._find(item_id):
            return item
        raise RealtimeError(f"Item '{item_id}' does not exist.", code='item_not_found', param=param)

    def previous_id(self, item: Item) -> str | None:
        """Return the ID of the item before this one, or None if it is the first."""
        index = self.items.index(item)
        return self.items[index - 1].id if index else None

    def add(self, item: Item, *, after: str | None = None) -> None:
        """Add an item at the end, after the item that `after` names, or first (`root`)."""
        if self._find(item.id):
            reason = f"Error adding item: an item with id '{item.id}' already exists."
            raise RealtimeError(reason, code='item_create_duplicate_item_id')
        if not after:
            self.items.append(item)
        elif after == 'root':
            self.items.insert(0, item)
        elif previous := self._find(after):
            self.items.insert(self.items.index(previous) + 1, item)
        else:
            reason = f"Error adding item: the previous item with id '{after}' does not exist."
            raise RealtimeError(reason, code='item_create_invalid_previous_item_id')

    def remove(self, item_id: str) -> None:
        """Remove an item."""
        if item := self._find(item_id):
            self.items.remove(item)
        else:
            raise _missing('deleting', 'item_delete_invalid_item_id', item_id)

    def truncate(self, item_id: str, content_index: int, audio_end_ms: int) -> None:
        """Remove the end of a spoken answer that nobody heard."""
        item = self._find(item_id)
        if item is None:
            raise _missing('truncating', 'item_truncate_invalid_item_id', item_id)
        if not isinstance(item, Message) or item.role != 'assistant' or content_index >= len(item.content):
            raise RealtimeError('Only spoken answers can be truncated.', code='invalid_value', param='item_id')
        part = item.content[content_index]
        if part.kind != 'output_audio' or audio_end_ms > part.milliseconds:
            raise RealtimeError(
                f'Audio content of {part.milliseconds}ms is already shorter than {audio_end_ms}ms',
                code='invalid_value',
                param='audio_end_ms',
            )
        part.text = _heard(part, audio_end_ms)
        part.milliseconds, part.sentence_ends = audio_end_ms, []

    def _find(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)


def _missing(action: str, code: str, item_id: str) -> RealtimeError:
    return RealtimeError(f"Error {action} item: the item with id '{item_id}' does not exist.", code=code)


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
