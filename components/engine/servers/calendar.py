"""When OpenAI switches models off that may do the work of a stage: `ends` of `assets/models.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from .notice import Notice

NEAR = timedelta(days=60)
"""How long before its end a model is worth a notice."""

HOST = 'api.openai.com'


@dataclass(frozen=True)
class End:
    """The last day of a model, and the model that OpenAI names in its place, if any."""

    shutdown: date
    successor: str


def end_notice(host: str, model: str, variable: str, today: date) -> Notice | None:
    """Return a notice if the end of this model of a server is near or past. `variable` chooses the model."""
    end = ENDS.get(model) if host == HOST else None
    if end is None or end.shutdown - today > NEAR:
        return None
    day, successor = end.shutdown.isoformat(), end.successor
    if successor:
        sentence = f'OpenAI ends {model} on {day}: set {variable}={successor}.'
        return Notice(sentence, 'model_ends', model=model, date=day, variable=variable, successor=successor)
    sentence = f'OpenAI ends {model} on {day} and names no successor: choose another server.'
    return Notice(sentence, 'model_ends_for_good', model=model, date=day)


def load(path: Path) -> dict[str, End]:
    """Read the calendar. Raises KeyError or ValueError if it is invalid."""
    rows = json.loads(path.read_text(encoding='utf-8'))['ends']['models']
    return {row['id']: End(date.fromisoformat(row['shutdown']), row['successor']) for row in rows}


ENDS: Mapping[str, End] = MappingProxyType(load(Path(__file__).parents[3] / 'assets' / 'models.json'))
"""By model."""
