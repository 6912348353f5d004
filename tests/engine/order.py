"""The order that the protocol gives to a session's server events, checked event by event."""

from collections.abc import Callable

from .response_order import Event, ResponseOrder, insist


class EventOrder:
    """Follows the server events of one session.

    All that a `whole` stream names must have been introduced by it. One that was joined later may name what came
    before. By default a stream is whole when it begins with `session.created`.
    """

    def __init__(self, *, whole: bool | None = None) -> None:
        self._whole = whole
        self._event_ids: set[str] = set()
        self._conversation: list[str] = []  # the ids of its items
        self._known: set[str] = set()  # as well as those that were deleted
        self._done: set[str] = set()
        self._speaking: str | None = None
        self._spoken: set[str] = set()  # the items of speech that is not committed yet
        self._committed: str | None = None  # and not added yet
        self._transcribed: set[tuple[str, int]] = set()
        self._responses = ResponseOrder()
        self._playing: str | None = None
        self._played: set[str] = set()
        self._rules: dict[str, Callable[[Event], None]] = {
            'session.created': self._create_session,
            'session.updated': self._stop_speaking,
            'input_audio_buffer.speech_started': self._start_speaking,
            'input_audio_buffer.speech_stopped': self._end_speaking,
            'input_audio_buffer.cleared': self._stop_speaking,
            'input_audio_buffer.committed': self._commit,
            'conversation.item.added': self._add_item,
            'conversation.item.done': self._finish_item,
            'conversation.item.retrieved': lambda event: self._check_item(event['item']['id']),
            'conversation.item.truncated': lambda event: self._check_item(event['item_id']),
            'conversation.item.deleted': self._delete_item,
            'conversation.item.input_audio_transcription.delta': self._stream_words,
            'conversation.item.input_audio_transcription.completed': self._finish_transcription,
            'conversation.item.input_audio_transcription.failed': self._finish_transcription,
            'response.created': self._responses.create,
            'response.output_item.added': self._responses.add_output,
            'response.content_part.added': self._responses.add_part,
            'response.content_part.done': self._responses.finish_part,
            'response.output_item.done': self._finish_output,
            'response.done': self._responses.finish,
            'output_audio_buffer.started': self._start_playing,
            'output_audio_buffer.stopped': self._stop_playing,
            'output_audio_buffer.cleared': self._stop_playing,
        }

    def add(self, event: Event) -> None:
        """Take the next server event. Raises `OutOfOrder`."""
        if self._whole is None:
            self._whole = event['type'] == 'session.created'
        self._responses.whole = self._whole
        insist(event['event_id'] not in self._event_ids, f'The event_id {event["event_id"]} came twice.')
        if rule := self._rules.get(event['type']):
            rule(event)
        elif event['type'].startswith('response.'):
            self._responses.stream(event)
        self._event_ids.add(event['event_id'])

    def _create_session(self, event: Event) -> None:
        insist(not self._event_ids, 'session.created must be the first event.')

    def _start_speaking(self, event: Event) -> None:
        item_id = event['item_id']
        insist(item_id not in self._conversation, f'Speech started in the item {item_id}, which exists already.')
        insist(self._speaking is None, f'Speech started in {item_id} while {self._speaking} was spoken.')
        self._speaking = item_id
        self._spoken.add(item_id)

    def _end_speaking(self, event: Event) -> None:
        item_id = event['item_id']
        insist(item_id not in self._conversation, f'Speech stopped in {item_id} after it was committed.')
        insist(item_id in self._spoken or not self._whole, f'Speech stopped in {item_id}, but never started.')
        self._spoken.add(item_id)
        self._speaking = None

    def _stop_speaking(self, event: Event) -> None:
        self._speaking = None  # cleared, or given up when turn detection changed

    def _commit(self, event: Event) -> None:
        item_id = event['item_id']
        insist(item_id not in self._conversation, f'The item {item_id} was committed, but exists already.')
        insist(
            self._speaking in (None, item_id), f'The item {item_id} was committed while {self._speaking} was spoken.'
        )
        self._check_last(event['previous_item_id'], item_id)
        self._spoken.discard(item_id)
        self._speaking = None
        self._committed = item_id

    def _add_item(self, event: Event) -> None:
        item, previous = event['item'], event.get('previous_item_id')
        item_id = item['id']
        insist(item_id not in self._conversation, f'The item {item_id} was added twice.')
        insist(item_id not in self._spoken, f'The item {item_id} was added before it was committed.')
        insist(self._committed in (None, item_id), f'The item {item_id} was added before {self._committed} was.')
        made = bool(self._responses.output(item_id))
        insist(
            made or not self._whole or item.get('status') != 'in_progress',
            f'The item {item_id} was added before its response.output_item.added.',
        )
        if made or self._committed:
            self._check_last(previous, item_id)  # what is spoken, by either side, comes last
        elif previous:
            self._check_item(previous)
        self._known.add(item_id)
        self._conversation.insert(self._conversation.index(previous) + 1 if previous else 0, item_id)
        self._committed = None

    def _finish_item(self, event: Event) -> None:
        item_id = event['item']['id']
        self._check_item(item_id)
        insist(item_id not in self._done, f'The item {item_id} was done twice.')
        if output := self._responses.output(item_id):
            output.check_finished(event['item'])
        if previous := event.get('previous_item_id'):
            self._check_item(previous)
        self._done.add(item_id)

    def _delete_item(self, event: Event) -> None:
        self._check_item(event['item_id'])
        self._conversation.remove(event['item_id'])
        self._done.discard(event['item_id'])  # a client may give the same id to another item

    def _stream_words(self, event: Event) -> None:
        if event['item_id'] != self._speaking:  # words may come while they are spoken
            self._transcribe(event)

    def _transcribe(self, event: Event) -> None:
        item_id, place = event['item_id'], (event['item_id'], event['content_index'])
        self._meet(item_id)
        insist(item_id in self._known, f'The transcription of {item_id} came before the item.')
        insist(place not in self._transcribed, f'The transcription of {item_id} went on after its end.')

    def _finish_transcription(self, event: Event) -> None:
        self._transcribe(event)
        self._transcribed.add((event['item_id'], event['content_index']))

    def _finish_output(self, event: Event) -> None:
        item_id = event['item']['id']
        finished = item_id in self._done or item_id not in self._conversation
        insist(finished, f'response.output_item.done came before conversation.item.done of {item_id}.')
        self._responses.finish_output(event)

    def _start_playing(self, event: Event) -> None:
        id = event['response_id']
        insist(bool(self._responses.get(id).outputs) or not self._whole, f'{id} was heard before it had an item.')
        insist(self._playing is None, f'{id} was heard while {self._playing} was.')
        insist(id not in self._played, f'The sound of {id} started twice.')
        self._playing = id
        self._played.add(id)

    def _stop_playing(self, event: Event) -> None:
        id = event['response_id']
        insist(self._playing == id or not (self._whole or self._playing), f'The sound of {id} ended, but did not play.')
        self._playing = None

    def _check_item(self, item_id: str) -> None:
        self._meet(item_id)
        insist(item_id in self._conversation, f'There is no item {item_id} in the conversation.')

    def _check_last(self, previous: str | None, item_id: str) -> None:
        if previous:
            self._meet(previous)
        last = self._conversation[-1] if self._conversation else None
        insist(previous == last, f'The item {item_id} was to follow {previous}, but the last one was {last}.')

    def _meet(self, item_id: str) -> None:
        """Let in an item from before the stream was joined."""
        if not self._whole and item_id not in self._known:
            self._known.add(item_id)
            self._conversation.append(item_id)
