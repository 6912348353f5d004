"""What each provider is like. The data is `assets/providers.json`; the environment says the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import httpx

from components.settings.catalogue import CATALOGUES, Catalogue, Model, ProviderKind, Voice
from components.words.language import ENGLISH, Text

from .dialect import DialectName

Authentication = Literal['bearer', 'api-key', 'none']
Placing = Literal['ephemeral', 'unified', 'websocket']
Part = Literal['key', 'url', 'model', 'voice', 'transcription_model', 'authentication', 'placing', 'dialect']
Given: TypeAlias = Mapping[Part, str]


class BadSetup(ValueError):
    """The environment cannot be right. Says so in English, or by `told` in another language, and holds no secret."""

    def __init__(
        self, problem: Literal['bad_key', 'bad_url', 'not_one_of', 'needs_websocket', 'missing'], **values: str
    ):
        """`problem` is one of `providers.problems` in assets/languages, and `values` go into it."""
        self._problem, self._values = problem, values
        self.missing = problem == 'missing'
        super().__init__(self.told(ENGLISH.text))

    def told(self, text: Text) -> str:
        """What is wrong, and what to do, in the language of `text`."""
        return text(f'providers.problems.{self._problem}', **self._values)


@dataclass(frozen=True)
class Profile:
    """How to reach a provider, and what it understands.

    `placing` says who places a call: the browser with an ephemeral key, Python (`unified`), or nobody, where sound and
    events travel over a WebSocket only. With `form` the provider takes the offer and the session in one form with the
    server's key; without it Python can still place calls, by an ephemeral key. `omits` are fields of the session, with
    dots between their names, that the provider does not take.
    """

    kind: ProviderKind
    variables: Mapping[Part, str]
    label: str = ''  # '' for the name of the host
    base_url: str = ''  # '' where only the environment can say it
    path: str = ''  # of a base URL that names only a host
    authentication: Authentication = 'bearer'
    placing: Placing = 'ephemeral'
    form: bool = True
    dialect: DialectName = 'ga'
    omits: tuple[str, ...] = ()
    needs: tuple[Part, ...] = ()
    models: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    transcription_models: tuple[str, ...] = ()

    def given(self, environ: Mapping[str, str]) -> Given:
        """What the environment says of this provider."""
        values = {part: environ.get(variable, '').strip() for part, variable in self.variables.items()}
        return {part: value for part, value in values.items() if value}

    def check(self, given: Given) -> None:
        """Raise BadSetup where variables must still be set."""
        if missing := [self.variables[part] for part in self.needs if part not in given]:
            raise BadSetup('missing', label=self.label or self.kind, variables=', '.join(missing))

    def with_given(self, given: Given) -> Profile:
        """This profile as the environment has it. Raises BadSetup, which names the variable at fault."""
        chosen: dict[str, Any] = {
            part: self._one_of(part, given[part], allowed) for part, allowed in _CHOICES.items() if part in given
        }
        url = self._url(given['url']) if 'url' in given else self.base_url
        label = self.label if self.label and self.base_url in ('', url) else httpx.URL(url).netloc.decode()
        profile = replace(self, label=label, base_url=url, **chosen)
        if profile.placing != 'websocket' and profile.dialect != 'ga':
            raise BadSetup('needs_websocket', variable=self.variables.get('placing', 'placing'))
        return profile

    def taken(self, session: Mapping[str, object]) -> dict[str, object]:
        """What this provider takes of a session."""
        return _without(self.omits, session)

    def catalogue(self, given: Given) -> Catalogue | None:
        """What this provider offers; None where `assets/models.json` says it. The environment separates by commas."""
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
    """Read a file of profiles, in its order. Raises TypeError or ValueError where it is not in order."""
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
