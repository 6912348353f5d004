"""The order of a response's events: its items, their content, the streams of each, and the end."""

from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


class OutOfOrder(AssertionError):
    """An event came when it could not; the message says why."""


def insist(right: bool, reason: str) -> None:
    if not right:
        raise OutOfOrder(reason)


@dataclass
class Part:
    """The streams of one content part, or of a call's arguments: those that have begun, and those that have ended."""

    begun: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    closed: bool = False


@dataclass
class Output:
    """One item that a response makes."""

    parts: dict[int, Part] = field(default_factory=dict)
    arguments: Part = field(default_factory=Part)
    done: bool = False

    def check_finished(self, item: Event) -> None:
        """Raises `OutOfOrder` when something of the item is still open."""
        still = {str(index) for index, part in self.parts.items() if not part.closed}
        insist(not still, f'The item {item["id"]} was done before its content {_listed(still)}.')
        if item.get('status') == 'completed':
            whole = self.arguments.done >= self.arguments.begun
            insist(whole, f'The item {item["id"]} was done before its arguments.')


@dataclass
class Response:
    """The state of a response. `status` is empty while it is active; a `default` one is of the conversation."""

    default: bool
    status: str = ''
    outputs: dict[str, Output] = field(default_factory=dict)


class ResponseOrder:
    """Follows all responses of a session. Its methods take events and raise `OutOfOrder`.

    With `whole`, nothing began before the stream did. Late deltas of a cancelled response are allowed, as the service
    sends some.
    """

    def __init__(self) -> None:
        self.whole = True
        self._responses: dict[str, Response] = {}

    def get(self, id: str) -> Response:
        if not self.whole:
            self._responses.setdefault(id, Response(default=False))
        insist(id in self._responses, f'There was no response.created for {id}.')
        return self._responses[id]

    def output(self, item_id: str) -> Output | None:
        """Return the output that this item is in a response, if it is one."""
        return next((each.outputs[item_id] for each in self._responses.values() if item_id in each.outputs), None)

    def create(self, event: Event) -> None:
        response = event['response']
        insist(response['id'] not in self._responses, f'The response {response["id"]} was created twice.')
        active = next((id for id, each in self._responses.items() if each.default and not each.status), None)
        default = response.get('conversation_id') is not None
        insist(not (default and active), f'The response {response["id"]} was created while {active} was active.')
        self._responses[response['id']] = Response(default)

    def add_output(self, event: Event) -> None:
        outputs, index = self._active(event).outputs, event['output_index']
        right = not self.whole or index == len(outputs)
        insist(right, f'The output {index} of {event["response_id"]} was added after {len(outputs)} others.')
        outputs[event['item']['id']] = Output()

    def finish_output(self, event: Event) -> None:
        output = self._open_output(event, event['item']['id'])
        output.check_finished(event['item'])
        output.done = True

    def add_part(self, event: Event) -> None:
        parts, index = self._open_output(event, event['item_id']).parts, event['content_index']
        insist(index not in parts, f'The content {index} of {event["item_id"]} was added twice.')
        parts[index] = Part()

    def finish_part(self, event: Event) -> None:
        part = self._part(event)
        insist(part.done >= part.begun, f'The content was done before {_listed(part.begun - part.done)}.')
        part.closed = True

    def stream(self, event: Event) -> None:
        """Take a delta of text, sound or arguments, or the end of such a stream."""
        kind, _, step = event['type'].rpartition('.')
        if step not in ('delta', 'done') or (step == 'delta' and self.get(event['response_id']).status == 'cancelled'):
            return
        part = self._part(event) if 'content_index' in event else self._open_output(event, event['item_id']).arguments
        insist(kind not in part.done, f'{event["type"]} came after {kind}.done.')
        (part.begun if step == 'delta' else part.done).add(kind)

    def finish(self, event: Event) -> None:
        id, status = event['response']['id'], event['response']['status']
        response = self.get(id)
        insist(not response.status, f'The response {id} was done twice.')
        insist(status != 'in_progress', f'The response {id} was done with the status in_progress.')
        still = {item_id for item_id, output in response.outputs.items() if not output.done}
        insist(not still, f'The response {id} was done before its output {_listed(still)}.')
        same = not self.whole or [item['id'] for item in event['response']['output']] == list(response.outputs)
        insist(same, f'The response {id} was done with other items than were added to it.')
        response.status = status

    def _active(self, event: Event) -> Response:
        response = self.get(event['response_id'])
        insist(not response.status, f'{event["type"]} came after response.done of {event["response_id"]}.')
        return response

    def _open_output(self, event: Event, item_id: str) -> Output:
        outputs = self._active(event).outputs
        if not self.whole:
            outputs.setdefault(item_id, Output())
        insist(item_id in outputs, f'{event["type"]} came before response.output_item.added of {item_id}.')
        insist(not outputs[item_id].done, f'{event["type"]} came after response.output_item.done of {item_id}.')
        return outputs[item_id]

    def _part(self, event: Event) -> Part:
        parts, index = self._open_output(event, event['item_id']).parts, event['content_index']
        if not self.whole:
            parts.setdefault(index, Part())
        insist(index in parts, f'{event["type"]} came before response.content_part.added.')
        insist(not parts[index].closed, f'{event["type"]} came after response.content_part.done.')
        return parts[index]


def _listed(names: set[str]) -> str:
    return ' and '.join(sorted(names))
