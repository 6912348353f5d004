"""The protocol as the `openai` package describes it: what the engine and its clients send must fit its types."""

from typing import Any, get_args

from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent
from pydantic import BaseModel


def check(event: dict[str, Any]) -> dict[str, Any]:
    """Return the server event, or fail when it does not fit its type."""
    assert event['event_id'].startswith('event_')
    _SERVER_EVENTS[event['type']].model_validate(event)
    return event


def check_sent(event: dict[str, Any]) -> dict[str, Any]:
    """Return the client event, or fail when it does not fit its type."""
    _CLIENT_EVENTS[event['type']].model_validate(event)
    return event


def _models(union: Any) -> dict[str, type[BaseModel]]:
    """The models of a union by the event types that they are for."""
    return {get_args(model.model_fields['type'].annotation)[0]: model for model in get_args(union)}


_SERVER_EVENTS = _models(get_args(RealtimeServerEvent)[0])
_CLIENT_EVENTS = _models(get_args(RealtimeClientEvent)[0])
