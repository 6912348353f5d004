"""Profiles of the providers: `assets/providers.json`, completed by the environment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import httpx

from components.settings.catalogue import CATALOGUES, Catalogue, Model, ProviderKind, Voice
from components.words.language import ENGLISH, Text

from .connection.dialect import DialectName

Authentication = Literal['bearer', 'api-key', 'none']
Placing = Literal['ephemeral', 'unified', 'websocket']
Part = Literal[
    'key', 'url', 'model', 'voice', 'transcription_model', 'text_model', 'authentication', 'placing', 'dialect'
]
Given: TypeAlias = Mapping[Part, str]


class BadSetup(ValueError):
    """Variables of the environment are missing or invalid. The message is in English and holds no secret.

    Args:
        problem: A key of `providers.problems` in assets/languages.
        values: The values to fill into that text.
    """

    def __init__(
        self,
        problem: Literal['bad_key', 'bad_url', 'not_one_of', 'needs_websocket', 'missing', 'bad_proxy'],
        **values: str,
    ) -> None:
        self._problem, self._values = problem, values
        self.missing = problem == 'missing'
        super().__init__(self.sentence(ENGLISH.text))

    def sentence(self, text: Text) -> str:
        """Say what is wrong and what to do, in the language of `text`."""
        return text(f'providers.problems.{self._problem}', **self._values)


@dataclass(frozen=True)
class Profile:
    """Describes how to reach a provider and which parts of the protocol it supports.

    Attributes:
        kind: Its key in `assets/providers.json`.
        variables: The environment variable of each part.
        label: Its name; empty for the name of its host.
        base_url: Empty if only the environment gives it.
        path: Added to a base URL that has no path.
        authentication: How it gets the server's key.
        placing: The side that places calls: the browser with an ephemeral key, Python (`unified`), or neither, if sound
            and events can only travel over a WebSocket.
        form: Whether it takes the offer and the session in one form with the server's key. If not, Python places calls
            with an ephemeral key.
        dialect: The dialect of its events and fields.
        transcribes_first: Whether it answers speech only after its transcript.
        omits: Dotted paths of the session's fields that it doesn't take.
        needs: The parts that the environment must give.
        models: The models it offers; empty if `assets/models.json` or the environment says so.
        voices: As `models`.
        transcription_models: As `models`.
        text_model: The model that writes what nobody hears, by the chat completions API; empty if there is none.
    """

    kind: ProviderKind
    variables: Mapping[Part, str]
    label: str = ''
    base_url: str = ''
    path: str = ''
    authentication: Authentication = 'bearer'
    placing: Placing = 'ephemeral'
    form: bool = True
    dialect: DialectName = 'ga'
    transcribes_first: bool = False
    omits: tuple[str, ...] = ()
    needs: tuple[Part, ...] = ()
    models: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    transcription_models: tuple[str, ...] = ()
    text_model: str = ''

    def given(self, environ: Mapping[str, str]) -> Given:
        """Return the parts that the environment gives for this provider."""
        values = {part: environ.get(variable, '').strip() for part, variable in self.variables.items()}
        return {part: value for part, value in values.items() if value}

    def check(self, given: Given) -> None:
        """Raise BadSetup if the environment lacks a part that the provider needs."""
        if missing := [self.variables[part] for part in self.needs if part not in given]:
            raise BadSetup('missing', label=self.label or self.kind, variables=', '.join(missing))

    def with_given(self, given: Given) -> Profile:
        """Return the profile completed by the environment. Raises BadSetup, which names the invalid variable."""
        chosen: dict[str, Any] = {
            part: self._one_of(part, given[part], allowed) for part, allowed in _CHOICES.items() if part in given
        }
        url = self._url(given['url']) if 'url' in given else self.base_url
        label = self.label if self.label and self.base_url in ('', url) else httpx.URL(url).netloc.decode()
        text_model = given.get('text_model', self.text_model if url == self.base_url else '')
        profile = replace(self, label=label, base_url=url, text_model=text_model, **chosen)
        if profile.placing != 'websocket' and profile.dialect != 'ga':
            raise BadSetup('needs_websocket', variable=self.variables.get('placing', 'placing'))
        return profile

    def taken(self, session: Mapping[str, object]) -> dict[str, object]:
        """Return a session object without the fields that the provider doesn't take."""
        return _without(self.omits, session)

    def catalogue(self, given: Given) -> Catalogue | None:
        """Return what the provider offers, or None if `assets/models.json` says so.

        The environment separates several names by commas.
        """
        if not self.models and 'model' not in self.variables:
            return None
        openai = CATALOGUES['openai']
        models = _names(given.get('model')) or self.models
        voices = _names(given.get('voice')) or self.voices or ('',)
        writers = _names(given.get('transcription_model')) or self.transcription_models or ('',)
        return Catalogue(
            models={id: Model(id) for id in models},
            voices={id: openai.voices.get(id) or Voice(id, '' if id else 'of_provider') for id in voices},
            transcription_models={id: Model(id, '' if id else 'nobody') for id in writers},
            languages=openai.languages,
        )

    def _one_of(self, part: Part, value: str, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            raise BadSetup('not_one_of', variable=self.variables[part], allowed=', '.join(allowed))
        return value

    def _url(self, text: str) -> str:
        try:
            url = httpx.URL(text)
        except httpx.InvalidURL:
            url = httpx.URL('')
        if url.scheme not in ('http', 'https') or not url.host or url.userinfo:
            raise BadSetup('bad_url', variable=self.variables['url'])
        return str(url.copy_with(path=url.path.rstrip('/') or self.path))


def load(path: Path) -> dict[ProviderKind, Profile]:
    """Read a file of profiles, in its order. Raises TypeError or ValueError if it is invalid."""
    profiles = json.loads(path.read_text(encoding='utf-8'))['profiles']
    return {kind: _profile(kind, data) for kind, data in profiles.items()}


def _profile(kind: ProviderKind, data: dict[str, Any]) -> Profile:
    for part, allowed in _CHOICES.items():
        if data[part] not in allowed:
            raise ValueError(f'The {part} of {kind} must be one of {", ".join(allowed)}')
    if unknown := ({*data['variables'], *data['needs']} - {*get_args(Part)}):
        raise ValueError(f'{kind} has unknown variables: {", ".join(sorted(unknown))}')
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return Profile(kind, **fields)


def _without(paths: Iterable[str], fields: Mapping[str, object]) -> dict[str, object]:
    left = dict(fields)
    for path in paths:
        name, _, inner = path.partition('.')
        section = left.get(name)
        if not inner:
            left.pop(name, None)
        elif isinstance(section, Mapping):
            left[name] = _without([inner], section)
    return left


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, (text or '').split(','))))


_CHOICES: Mapping[Part, tuple[str, ...]] = {
    'authentication': get_args(Authentication),
    'placing': get_args(Placing),
    'dialect': get_args(DialectName),
}

PROFILES: Mapping[ProviderKind, Profile] = load(Path(__file__).parents[2] / 'assets' / 'providers.json')
