"""The offer of each provider: models, voices, transcription models, languages. The data is `assets/models.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from components.words.language import Text

ProviderKind: TypeAlias = str
"""The name of a provider: `openai`, `engine`, or another one of `assets/providers.json`."""

NEAR = timedelta(days=60)
"""How long before its end a chosen model is worth a sentence."""

Effort = Literal['minimal', 'low', 'medium', 'high', 'xhigh']


@dataclass(frozen=True)
class Model:
    """A model that talks, or one that transcribes the user's speech."""

    id: str  # '' for no transcription, where the provider has none
    note: str = ''  # a key of `catalogue.notes` in assets/languages, or nothing
    shutdown: date | None = None  # the day its maker switches it off, if announced
    reasoning: bool = False  # whether it can reason before it speaks
    successor: str = ''  # the model that its maker names in its place

    def ends_soon(self, today: date) -> bool:
        """Tell whether its shutdown is near or past."""
        return self.shutdown is not None and self.shutdown - today <= NEAR

    def label(self, text: Text) -> str:
        """Return its name, note and shutdown date for a dropdown."""
        note = text(f'catalogue.notes.{self.note}') if self.note else ''
        until = text('catalogue.until', date=self.shutdown) if self.shutdown else ''
        return _joined(self.id, note, until)


@dataclass(frozen=True)
class Voice:
    """A voice of a provider."""

    id: str  # '' for the provider's default
    character: str = ''  # a key of `catalogue.characters` in assets/languages, or nothing
    kind: str = ''  # a key of `catalogue.voice_kinds` in assets/languages, or nothing if all of them sound natural

    def label(self, text: Text) -> str:
        """Return its name, kind and character for a dropdown."""
        kind = text(f'catalogue.voice_kinds.{self.kind}') if self.kind else ''
        character = text(f'catalogue.characters.{self.character}') if self.character else ''
        return _joined(self.id, kind, character)


@dataclass(frozen=True)
class Language:
    """A language to speak in a call."""

    code: str  # ISO 639-1; '' for any
    name: str  # in English, for the instructions
    native: str  # its own name

    def label(self, text: Text) -> str:
        """Return its own name and the page's name for it, for a dropdown."""
        if not self.code:
            return text('catalogue.any_language')
        name = text(f'catalogue.languages.{self.code}')
        return name if name == self.native else f'{self.native} · {name}'


@dataclass(frozen=True)
class Catalogue:
    """The offer of one provider, by id; the first entry of each is the default."""

    models: Mapping[str, Model]
    voices: Mapping[str, Voice]
    transcription_models: Mapping[str, Model]
    languages: Mapping[str, Language]
    voice_samples: bool = False  # whether the user can listen to a voice without a call

    def with_voice_kinds(self, kinds: Mapping[str, str]) -> Catalogue:
        """Return the offer with the kind of each voice."""
        voices = {id: replace(voice, kind=kinds.get(id, '')) for id, voice in self.voices.items()}
        return replace(self, voices=voices)


def load(path: Path) -> dict[ProviderKind, Catalogue]:
    """Read a catalogue file. Raises KeyError or ValueError if it is invalid."""
    data = json.loads(path.read_text(encoding='utf-8'))
    languages = {row['code']: Language(**row) for row in data['languages']}
    return {kind: _catalogue(offer, languages) for kind, offer in data['providers'].items()}


def _catalogue(data: dict[str, Any], languages: Mapping[str, Language]) -> Catalogue:
    return Catalogue(
        models={row['id']: _model(row) for row in data['models']},
        voices={row['id']: Voice(**row) for row in data['voices']},
        transcription_models={row['id']: _model(row) for row in data['transcription_models']},
        languages={code: languages[code] for code in data['languages']},
        voice_samples=data['voice_samples'],
    )


def _model(row: dict[str, Any]) -> Model:
    shutdown = row.get('shutdown')
    return Model(
        row['id'],
        row.get('note', ''),
        date.fromisoformat(shutdown) if shutdown else None,
        row.get('reasoning', False),
        row.get('successor', ''),
    )


def _joined(*parts: str) -> str:
    return ' · '.join(filter(None, parts))


CATALOGUES: Mapping[ProviderKind, Catalogue] = MappingProxyType(
    load(Path(__file__).parents[2] / 'assets' / 'models.json')
)
"""By provider, without those whose offer the environment configures: see `Providers.catalogues`."""
