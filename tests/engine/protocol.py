"""The protocol as the `openai` package describes it: what the engine sends must fit its types."""

from typing import Any, get_args

from openai.types.realtime import RealtimeServerEvent
from pydantic import BaseModel


def check(event: dict[str, Any]) -> dict[str, Any]:
    """Return the server event, or fail when it does not fit its type."""
    assert event['event_id'].startswith('event_')
    _MODELS[event['type']].model_validate(event)
    return event


def _models() -> dict[str, type[BaseModel]]:
    union = get_args(RealtimeServerEvent)[0]
    return {get_args(model.model_fields['type'].annotation)[0]: model for model in get_args(union)}


_MODELS = _models()
