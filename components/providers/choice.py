"""Who can answer, given the environment, and who does unless the user chooses otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import ProviderKind
from components.settings.personas import Personas
from components.settings.session import session
from components.settings.settings import Settings
from components.words.language import Text, sentences

from .engine import engine
from .openai import DEFAULT_BASE_URL, BadSetup, OpenAI
from .ticket import ProviderError, Ticket

Told = Callable[[Text], str]
"""Gives a sentence in the language of a page."""


class Provider:
    """One who may answer."""

    def __init__(self, kind: ProviderKind, service: OpenAI | None, *, label: Told, hint: Told) -> None:
        """Without a service it is only shown, and its hint says what is missing."""
        self.kind = kind
        self.service = service
        self._label, self._hint = label, hint

    @property
    def available(self) -> bool:
        """Whether a call can be placed."""
        return self.service is not None

    def introduced(self, text: Text) -> Introduction:
        """Return what a page shows of it, in the language of `text`."""
        return Introduction(self.kind, self._label(text), self._hint(text), self.available)


@dataclass(frozen=True)
class Introduction:
    """A provider as a page shows it: its name, and what this choice means or what it needs."""

    kind: ProviderKind
    label: str
    hint: str
    available: bool


class Providers:
    """The providers of this program, the preferred one first."""

    def __init__(self, *providers: Provider) -> None:
        self.all = providers
        self._by_kind = {provider.kind: provider for provider in providers}

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str],
        engine_app: ASGIApp,
        *,
        engine_problems: Sequence[str] = (),
        engine_notes: Sequence[str] = (),
        client: httpx.AsyncClient | None = None,
    ) -> Providers:
        """Read `OPENAI_API_KEY` and `OPENAI_BASE_URL`; the engine is always there.

        :param engine_problems: sentences that say what the engine cannot do on this machine
        :param engine_notes: sentences that say who does the engine's work, where others do some of it
        """

        def engine_hint(text: Text) -> str:
            return sentences(*engine_problems, *(engine_notes or [text('providers.engine.hint')]))

        return cls(
            _openai(environ, client),
            Provider('engine', engine(engine_app), label=lambda text: text('providers.engine.label'), hint=engine_hint),
        )

    def introduced(self, text: Text) -> list[Introduction]:
        """Return what a page shows of them all, in the language of `text`."""
        return [provider.introduced(text) for provider in self.all]

    def hint(self, settings: Settings, text: Text) -> str:
        """What to know of the one who answers and, in a line of their own each, of those who could."""
        chosen = self._by_kind[settings.provider].introduced(text)
        others = [provider.hint for provider in self.introduced(text) if not provider.available]
        return '\n'.join([text('providers.answerer', label=chosen.label, hint=chosen.hint), *others])

    @property
    def default(self) -> ProviderKind:
        """The first who can answer."""
        return self._available[0]

    def restore(self, stored: object, personas: Personas | None = None) -> Settings:
        """Read settings from storage. A provider never chosen, or gone since, gives way to the default one."""
        settings = Settings.from_storage(stored, personas)
        chosen = isinstance(stored, Mapping) and 'provider' in stored and settings.provider in self._available
        return settings if chosen else replace(settings, provider=self.default).fitted()

    def store(self, settings: Settings) -> dict[str, str | bool | float]:
        """Return what `restore` reads. Where only one provider could answer, using it is not taken for a choice:
        who adds a key later talks with OpenAI from then on.
        """
        stored = settings.to_storage()
        if len(self._available) == 1:
            del stored['provider']
        return stored

    async def mint(self, settings: Settings, browser_id: str) -> Ticket:
        """Fetch a ticket for a call with these settings. Raises ProviderError."""
        provider = self._by_kind[settings.provider]
        if provider.service is None:
            raise ProviderError('invalid_api_key', 'OPENAI_API_KEY is missing or wrong')
        return await provider.service.mint(session(settings), browser_id)

    async def close(self) -> None:
        """Close the connections that are kept open."""
        for provider in self.all:
            if provider.service:
                await provider.service.close()

    @property
    def _available(self) -> list[ProviderKind]:
        return [provider.kind for provider in self.all if provider.available]


def _openai(environ: Mapping[str, str], client: httpx.AsyncClient | None) -> Provider:
    key = environ.get('OPENAI_API_KEY', '').strip()
    base_url = environ.get('OPENAI_BASE_URL', '').strip() or DEFAULT_BASE_URL
    if not key:
        return Provider('openai', None, label=_openai_label, hint=lambda text: text('providers.openai.no_key'))
    try:
        service = OpenAI(key, client or httpx.AsyncClient(), base_url)
    except BadSetup as error:
        problem = str(error)
        return Provider('openai', None, label=_openai_label, hint=lambda text: text(f'providers.openai.{problem}'))
    if base_url.rstrip('/') == DEFAULT_BASE_URL:
        return Provider('openai', service, label=_openai_label, hint=lambda text: text('providers.openai.billed'))
    host = service.host
    return Provider(
        'openai', service, label=lambda text: host, hint=lambda text: text('providers.openai.elsewhere', host=host)
    )


def _openai_label(text: Text) -> str:
    return 'OpenAI'
