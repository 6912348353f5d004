"""Events as a service sends them, one function each, and `Talk`, which lets a whole conversation happen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Event = dict[str, Any]
Item = dict[str, Any]
TRANSCRIPTION = 'conversation.item.input_audio_transcription'
_numbers = count()


def event(type_: str, **fields: Any) -> Event:
    """An event with an id of its own."""
    return {'type': type_, 'event_id': f'event_{next(_numbers)}', **fields}


def message(id_: str, role: str, *content: Item, status: str | None = 'completed') -> Item:
    return {'id': id_, 'type': 'message', 'role': role, 'content': list(content), 'status': status}


def written(id_: str, role: str, text: str) -> Item:
    kind = 'output_text' if role == 'assistant' else 'input_text'
    return message(id_, role, {'type': kind, 'text': text})


def shown(id_: str, text: str, *urls: str) -> Item:
    """Return an item with the user's picture, with a few words or none."""
    pictures = [{'type': 'input_image', 'image_url': url} for url in urls]
    return message(id_, 'user', *pictures, *([{'type': 'input_text', 'text': text}] if text else []))


def said(id_: str, transcript: str | None = None) -> Item:
    """Return an item of the user's speech as it joins the conversation: without words."""
    return message(id_, 'user', {'type': 'input_audio', 'transcript': transcript})


def call(id_: str, name: str, arguments: str = '', status: str = 'completed') -> Item:
    return {
        'id': id_,
        'type': 'function_call',
        'name': name,
        'call_id': f'call_{id_}',
        'arguments': arguments,
        'status': status,
    }


def call_output(id_: str, call_id: str, output: str) -> Item:
    return {'id': id_, 'type': 'function_call_output', 'call_id': call_id, 'output': output}


def session(transcription: Item | None, type_: str = 'session.updated') -> Event:
    return event(type_, session={'type': 'realtime', 'audio': {'input': {'transcription': transcription}}})


def added(item: Item, previous: str | None) -> Event:
    return event('conversation.item.added', item=item, previous_item_id=previous)


def done(item: Item, previous: str | None = None) -> Event:
    return event('conversation.item.done', item=item, previous_item_id=previous)


def started(id_: str) -> Event:
    return event('input_audio_buffer.speech_started', item_id=id_, audio_start_ms=0)


def stopped(id_: str) -> Event:
    return event('input_audio_buffer.speech_stopped', item_id=id_, audio_end_ms=900)


def committed(id_: str, previous: str | None) -> Event:
    return event('input_audio_buffer.committed', item_id=id_, previous_item_id=previous)


def words_delta(id_: str, delta: str) -> Event:
    return event(f'{TRANSCRIPTION}.delta', item_id=id_, content_index=0, delta=delta)


def words(id_: str, transcript: str, **fields: Any) -> Event:
    return event(f'{TRANSCRIPTION}.completed', item_id=id_, content_index=0, transcript=transcript, **fields)


def created(response: str, **fields: Any) -> Event:
    body = {'id': response, 'status': 'in_progress', 'conversation_id': 'conv_1', 'output': [], **fields}
    return event('response.created', response=body)


def output_added(response: str, item: Item) -> Event:
    return event('response.output_item.added', response_id=response, output_index=0, item=item)


def output_done(response: str, item: Item) -> Event:
    return event('response.output_item.done', response_id=response, output_index=0, item=item)


def delta(response: str, id_: str, text: str, *, of: str = 'response.output_audio_transcript', index: int = 0) -> Event:
    return event(f'{of}.delta', response_id=response, item_id=id_, output_index=0, content_index=index, delta=text)


def transcript_done(response: str, id_: str, transcript: str) -> Event:
    return event(
        'response.output_audio_transcript.done',
        response_id=response,
        item_id=id_,
        output_index=0,
        content_index=0,
        transcript=transcript,
    )


def finished(response: str, *output: Item, status: str = 'completed', details: Item | None = None) -> Event:
    body = {'id': response, 'status': status, 'status_details': details, 'output': list(output)}
    return event('response.done', response=body)


def cancelled(response: str, *output: Item, reason: str = 'turn_detected') -> Event:
    return finished(response, *output, status='cancelled', details={'type': 'cancelled', 'reason': reason})


def failed(response: str, *output: Item, error: str = 'Too many requests.') -> Event:
    details = {'type': 'failed', 'error': {'type': 'invalid_request_error', 'code': 'rate_limit', 'message': error}}
    return finished(response, *output, status='failed', details=details)


def truncated(id_: str, audio_end_ms: int) -> Event:
    return event('conversation.item.truncated', item_id=id_, content_index=0, audio_end_ms=audio_end_ms)


def sound_started(response: str) -> Event:
    return event('output_audio_buffer.started', response_id=response)


def sound_cleared(response: str) -> Event:
    return event('output_audio_buffer.cleared', response_id=response)


def sound_stopped(response: str) -> Event:
    return event('output_audio_buffer.stopped', response_id=response)


ENDS: dict[str, Callable[..., Event]] = {'done': finished, 'interrupted': cancelled, 'failed': failed}


@dataclass
class Talk:
    """A conversation that happens: all its events, what each of them has to follow, and what the turns must say.

    `events` is the order in which the service would send them. Any other order in which each event comes after those
    of its `causes` is allowed as well:

    - events about the microphone (speech started, stopped, committed) keep their order;
    - an item is announced before its words, and its words keep their order; but the words of the user come any time
      after the speech started, even long after the answer, and those of two items mix;
    - an answer is created before its items and done after them; the two announcements of an item, and the two of its
      end, come in any order;
    - interrupted: no word follows, but "cancelled", "sound cleared" and "truncated" come in any order;
    - words of an answer that come after it was cancelled or failed are late: they count for nothing.
    """

    events: list[Event] = field(default_factory=list)
    causes: list[set[int]] = field(default_factory=list)
    turns: list[tuple[str, str, str]] = field(default_factory=list)
    """Speaker, text and status of each turn, in order."""
    pictures: list[str] = field(default_factory=list)
    """All that were shown, in order."""
    _last_item: str | None = None
    _microphone: int | None = None

    def says(self, *parts: str) -> None:
        """The user speaks; `parts` are the words as they stream. Without any word it was noise, which is no turn."""
        id_, previous = self._next_item()
        start = self._add(started(id_), self._microphone)
        commit = self._add(committed(id_, previous), self._add(stopped(id_), start))
        self._microphone = commit
        self._add(done(said(id_), previous), self._add(added(said(id_), previous), commit))
        self._add(words(id_, ''.join(parts)), *self._stream((words_delta(id_, part) for part in parts), start))
        if ''.join(parts).strip():
            self.turns.append(('user', ''.join(parts), 'done'))

    def writes(self, text: str, role: str = 'user') -> None:
        """The user types, or the system instructs."""
        id_, previous = self._next_item()
        item = written(id_, role, text)
        self._add(done(item, previous), self._add(added(item, previous)))
        self.turns.append((role, text, 'done'))

    def shows(self, text: str, *urls: str) -> None:
        """The user shows pictures. Not every service repeats them when the item is done."""
        id_, previous = self._next_item()
        announced = self._add(added(shown(id_, text, *urls), previous))
        self._add(done(shown(id_, text, *[''] * len(urls)), previous), announced)
        self.turns.append(('user', text, 'done'))
        self.pictures += urls

    def answers(self, *messages: Sequence[str], end: str = 'done', late: Sequence[str] = ()) -> None:
        """The assistant speaks one or several messages; the last one may be interrupted or fail."""
        response = f'resp_{len(self.events)}'
        create = self._add(created(response))
        sound = self._add(sound_started(response), create)
        ends: list[int] = []
        items: list[Item] = []
        for number, parts in enumerate(messages, start=1):
            id_, previous = self._next_item()
            status = end if number == len(messages) else 'done'
            new = message(id_, 'assistant', status='in_progress')
            item = message(id_, 'assistant', {'type': 'output_audio', 'transcript': ''.join(parts)})
            item['status'] = 'completed' if status == 'done' else 'incomplete'
            announced = self._add(output_added(response, new), create), self._add(added(new, previous), create)
            *_, last = self._stream((delta(response, id_, part) for part in parts), *announced)
            final = self._add(transcript_done(response, id_, ''.join(parts)), last)
            ends += self._add(done(item), final), self._add(output_done(response, item), final)
            items.append(item)
            if status != 'interrupted' or ''.join(parts).strip():  # stopped before its first word, it is no turn
                self.turns.append(('assistant', ''.join(parts), status))
            if status == 'interrupted':
                self._add(sound_cleared(response), last, sound)
                self._add(truncated(id_, 700), last)
        finish = self._add(ENDS[end](response, *items), *ends)
        if end != 'interrupted':
            self._add(sound_stopped(response), finish, sound)
        for part in late:
            self._add(delta(response, items[-1]['id'], part), finish)

    def calls(self, name: str, arguments: Sequence[str], output: str) -> None:
        """The assistant calls a function, and the page hands in what it returned."""
        response = f'resp_{len(self.events)}'
        create = self._add(created(response))
        id_, previous = self._next_item()
        new, item = call(id_, name, status='in_progress'), call(id_, name, ''.join(arguments))
        announced = self._add(output_added(response, new), create), self._add(added(new, previous), create)
        of = 'response.function_call_arguments'
        *_, last = self._stream((delta(response, id_, part, of=of) for part in arguments), *announced)
        ends = self._add(done(item), last), self._add(output_done(response, item), last)
        finish = self._add(finished(response, item), *ends)
        self.turns.append(('tool', f'{name} {"".join(arguments)}', 'done'))

        result = call_output(f'{id_}_output', item['call_id'], output)
        self._add(done(result, id_), self._add(added(result, id_), finish))
        self._last_item = result['id']
        self.turns.append(('tool', output, 'done'))

    def _next_item(self) -> tuple[str, str | None]:
        previous, self._last_item = self._last_item, f'item_{len(self.events)}'
        return self._last_item, previous

    def _add(self, event_: Event, *causes: int | None) -> int:
        self.events.append(event_)
        self.causes.append({cause for cause in causes if cause is not None})
        return len(self.events) - 1

    def _stream(self, events: Iterable[Event], *causes: int) -> list[int]:
        """Add events each of which follows the one before; returns what the next one has to follow."""
        for event_ in events:
            causes = (self._add(event_, *causes),)
        return list(causes)
