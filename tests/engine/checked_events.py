"""The protocol: what the engine sends and takes must fit the types of the `openai` package, and come in order."""

import json
from typing import Any, ClassVar, get_args

from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import BaseModel

from .order import EventOrder


class EventStream:
    """The server events that one client gets. What is wrong with them fails the test at its end, wherever it came."""

    opened: ClassVar[list['EventStream']] = []

    def __init__(self, *, whole: bool | None = None) -> None:
        self.problem: Exception | None = None
        self._order = EventOrder(whole=whole)
        self.opened.append(self)

    @classmethod
    def check_all(cls) -> None:
        """Raise what is wrong with any of the streams, and forget them."""
        streams = list(cls.opened)
        cls.opened.clear()
        for stream in streams:
            if stream.problem:
                raise stream.problem

    def take(self, message: str | bytes) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(message, parse_constant=self._refuse)
        if self.problem is None:
            try:
                self._order.add(check(event))
            except Exception as problem:
                problem.add_note(f'The event was {json.dumps(event)[:1000]}')
                self.problem = problem
        return event

    def _refuse(self, constant: str) -> None:
        self.problem = self.problem or ValueError(f'{constant} is no JSON, though Python reads and writes it.')


def check(event: dict[str, Any]) -> dict[str, Any]:
    """Return the server event, or fail when it does not fit its type."""
    assert event['event_id'].startswith('event_')
    _SERVER_EVENTS[event['type']].model_validate(event)
    return event


def check_sent(event: dict[str, Any]) -> None:
    """Fail when a client event does not fit its type. The package has no type for references to items."""
    if given := event.get('response', {}).get('input'):
        known = [item for item in given if item['type'] != 'item_reference']
        event = {**event, 'response': {**event['response'], 'input': known}}
    _CLIENT_EVENTS[event['type']].model_validate(event)


def _models(union: Any) -> dict[str, type[BaseModel]]:
    models: tuple[type[BaseModel], ...] = get_args(union)
    return {get_args(model.model_fields['type'].annotation)[0]: model for model in models}


_SERVER_EVENTS = _models(get_args(RealtimeServerEvent)[0])
_CLIENT_EVENTS = _models(get_args(RealtimeClientEvent)[0])
