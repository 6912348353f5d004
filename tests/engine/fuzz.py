"""Client messages that no client should send, and some that it may: the same ones for the same seed."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message to send. `hopeless` is certain to be refused; everything else may be fine."""

    data: str | bytes
    hopeless: bool = False


class Fuzz:
    """Generates messages: most of them are short, a few have the `longest` length in bytes."""

    def __init__(self, seed: str, *, longest: int) -> None:
        self._random = Random(seed)
        self._longest = longest
        self._kinds = {
            self._valid: 40,
            self._mutated: 35,
            self._truncated: 10,
            self._binary: 5,
            self._anything: 5,
            self._unknown: 4,
            self._deep: 1,
        }

    def messages(self, count: int) -> Iterator[Message]:
        """So many messages, five of them long."""
        kinds, weights = list(self._kinds), list(self._kinds.values())
        for number in range(count):
            if number % (count // 5) == 0:
                yield self._long()
            else:
                yield self._random.choices(kinds, weights)[0]()

    def _valid(self) -> Message:
        return Message(json.dumps(self._event()))

    def _mutated(self) -> Message:
        """A field has a value of any kind, is gone, or was never heard of."""
        return Message(json.dumps(self.changed(self._event(), self._random.randint(1, 3))))

    def changed(self, event: Event, changes: int) -> Event:
        """Return a JSON object, of which so many fields were changed in place."""
        for _ in range(changes):
            place = self._random.choice(list(_objects(event)))
            name = self._random.choice(list(place) or ['type'])
            change = self._random.randrange(4)
            if change == 0:
                place.pop(name, None)
            elif change == 1:
                place[self._word()] = self._value()
            else:
                place[name] = self._value()
        return event

    def _truncated(self) -> Message:
        whole = json.dumps(self._event())
        return Message(whole[: self._random.randrange(len(whole))], hopeless=True)

    def _binary(self) -> Message:
        return Message(b'\xff' + self._random.randbytes(self._random.randrange(200)), hopeless=True)

    def _anything(self) -> Message:
        value = self._value()
        return Message(json.dumps(value), hopeless=not isinstance(value, dict))

    def _unknown(self) -> Message:
        return Message(json.dumps({'type': f'{self._random.choice(_TYPES)}.{self._word()}'}), hopeless=True)

    def _deep(self) -> Message:
        """So many brackets that a parser may lose its way."""
        levels = self._random.choice((100, 900, 2000, 20_000))
        opening, closing = self._random.choice((('[', ']'), ('{"type":', '}')))
        return Message(opening * levels + '1' + closing * levels, hopeless=True)

    def _long(self) -> Message:
        content = [{'type': 'input_text', 'text': ''}]
        event: Event = {'type': 'conversation.item.create', 'item': {'type': 'message', 'role': 'user'}}
        event['item']['content'] = content
        content[0]['text'] = 'a' * (self._longest - len(json.dumps(event)))
        return Message(json.dumps(event))

    def _event(self) -> Event:
        """An event as the protocol has it, with some of its optional fields."""
        type = self._random.choice(_TYPES)
        event: Event = {'type': type, **self._some(event_id=self._word())}
        if type == 'session.update':
            event['session'] = self.session()
        elif type == 'input_audio_buffer.append':
            event['audio'] = base64.b64encode(self._random.randbytes(self._random.randrange(0, 4000, 2))).decode()
        elif type == 'conversation.item.create':
            event |= {'item': self._item(), **self._some(previous_item_id=self._random.choice([*_IDS, 'root']))}
        elif type in ('conversation.item.retrieve', 'conversation.item.delete'):
            event['item_id'] = self._random.choice(_IDS)
        elif type == 'conversation.item.truncate':
            event |= {'item_id': self._random.choice(_IDS), 'content_index': 0, 'audio_end_ms': self._number()}
        elif type == 'response.create':
            event |= self._some(response=self._response())
        elif type == 'response.cancel':
            event |= self._some(response_id=self._word())
        return event

    def session(self) -> Event:
        """Return a session object with some of its fields."""
        turns = {'type': 'server_vad', **self._some(threshold=0.5, prefix_padding_ms=100, silence_duration_ms=300)}
        detection = self._random.choice((None, turns, {'type': 'semantic_vad', **self._some(eagerness='high')}))
        hearing = self._some(transcription={'model': 'gpt-realtime-whisper'}, turn_detection=detection)
        return {
            'type': 'realtime',
            **self._some(
                instructions=self._word(),
                output_modalities=self._random.choice((['text'], ['audio'])),
                max_output_tokens=self._random.choice(('inf', 5, 4096)),
                tools=[{'type': 'function', 'name': 'look', 'parameters': {'type': 'object', 'properties': {}}}],
                tool_choice=self._random.choice(('auto', 'none', 'required')),
                audio={'input': hearing, 'output': self._some(voice=self._random.choice(('marin', 'ash')), speed=1.2)},
            ),
        }

    def _response(self) -> Event:
        return self._some(
            conversation=self._random.choice(('auto', 'none')),
            output_modalities=self._random.choice((['text'], ['audio'])),
            instructions=self._word(),
            metadata={self._word(): self._word()},
            input=[self._item(), {'type': 'item_reference', 'id': self._random.choice(_IDS)}],
        )

    def _item(self) -> Event:
        role = self._random.choice(('user', 'assistant', 'system'))
        words = {'type': 'output_text' if role == 'assistant' else 'input_text', 'text': self._random.choice(_SAID)}
        image = {'type': 'input_image', 'image_url': 'data:image/png;base64,AAAA'}
        item: Event = self._random.choice(
            (
                {'type': 'message', 'role': role, 'content': [words]},
                {'type': 'message', 'role': 'user', 'content': [words, image]},
                {'type': 'function_call', 'name': 'look', 'call_id': 'call_1', 'arguments': '{}'},
                {'type': 'function_call_output', 'call_id': 'call_1', 'output': self._word()},
            )
        )
        return {**item, **self._some(id=self._random.choice(_IDS))}

    def _value(self, depth: int = 3) -> Any:
        """Any JSON value, and the odd numbers that Python takes for JSON."""
        random = self._random
        match random.randrange(12 if depth else 9):
            case 0 | 1:
                return None
            case 2:
                return random.choice((True, False))
            case 3 | 4:
                return self._number()
            case 5:
                return random.choice((0.5, -0.0, 1e308, 1e-320, float('inf'), float('nan')))
            case 6 | 7:
                return self._word()
            case 8:
                return random.choice(_TYPES + _IDS)
            case 9:
                return [self._value(depth - 1) for _ in range(random.randrange(4))]
            case _:
                return {self._word(): self._value(depth - 1) for _ in range(random.randrange(4))}

    def _number(self) -> int:
        return self._random.choice((0, 1, -1, 100, 2**31, 2**63, -(2**63), 10**300))

    def _word(self) -> str:
        return self._random.choice(('', 'word', 'type', '\0', '\ud83d', '🙂', '<b>', '../..', 'a' * 300, 'null', '٣'))

    def _some(self, **fields: Any) -> Event:
        return {name: value for name, value in fields.items() if self._random.random() < 0.5}


def _objects(event: Event) -> Iterator[Event]:
    """The event and all objects within it."""
    yield event
    for value in event.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from _objects(each)


_TYPES = (
    'session.update',
    'input_audio_buffer.append',
    'input_audio_buffer.commit',
    'input_audio_buffer.clear',
    'output_audio_buffer.clear',
    'conversation.item.create',
    'conversation.item.retrieve',
    'conversation.item.truncate',
    'conversation.item.delete',
    'response.create',
    'response.cancel',
)
_IDS = tuple(f'item_{number}' for number in range(8))
_SAID = ('Hello', 'What time is it?', 'Count to three', '', 'ﷺ' * 20, 'Tell me a story', 'Say no.')
