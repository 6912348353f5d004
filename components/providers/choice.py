"""Who can answer, given the environment, and who does unless the user chooses otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import ProviderKind
from components.settings.personas import PERSONAS
from components.settings.session import session
from components.settings.settings import Settings

from .engine import engine
from .openai import DEFAULT_BASE_URL, OpenAI
from .ticket import ProviderError, Ticket


@dataclass(frozen=True)
class Provider:
    """One who may answer. Without a service it is only shown, and its hint says what is missing."""

    kind: ProviderKind
    label: str
    hint: str  # for the page: what this choice means, or what it needs
    service: OpenAI | None = field(repr=False)

    @property
    def available(self) -> bool:
        """Whether a call can be placed."""
        return self.service is not None


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
        hint = ' '.join([*engine_problems, *(engine_notes or [_ENGINE_HINT])])
        return cls(_openai(environ, client), Provider('engine', 'Parley engine', hint, engine(engine_app)))

    def hint(self, settings: Settings) -> str:
        """What to know of the one who answers and, in a line of their own each, of those who could."""
        chosen = self._by_kind[settings.provider]
        others = [provider.hint for provider in self.all if not provider.available]
        return '\n'.join([f'You will talk with: {chosen.label}. {chosen.hint}', *others])

    @property
    def default(self) -> ProviderKind:
        """The first who can answer."""
        return self._available[0]

    def restore(self, stored: object) -> Settings:
        """Read settings from storage. A provider never chosen, or gone since, gives way to the default one."""
        settings = Settings.from_storage(stored)
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
            raise ProviderError('invalid_api_key', provider.hint)
        return await provider.service.mint(session(settings, PERSONAS[settings.persona]), browser_id)

    @property
    def origins(self) -> list[str]:
        """Where browsers send their offers, besides to the page's own address."""
        urls = [httpx.URL(provider.service.calls_url) for provider in self.all if provider.service]
        return [f'{url.scheme}://{url.netloc.decode()}' for url in urls if url.is_absolute_url]

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
        return Provider('openai', 'OpenAI', _NO_KEY, None)
    try:
        service = OpenAI(key, client or httpx.AsyncClient(), base_url)
    except ValueError as error:
        return Provider('openai', 'OpenAI', f'{error}. {_CHECK_ENV}', None)
    if base_url.rstrip('/') == DEFAULT_BASE_URL:
        return Provider('openai', 'OpenAI', _OPENAI_HINT, service)
    return Provider('openai', service.host, f'Calls go to {service.host}, as OPENAI_BASE_URL says.', service)


_ENGINE_HINT = (
    'Built in: no key, no outside network, nothing billed. '
    'A rehearsal partner with basic speech recognition, English only.'
)
_OPENAI_HINT = 'Calls are billed to your key. The browser never sees it.'
_NO_KEY = (
    'With an OpenAI key you can talk about anything, in many languages, with natural voices. '
    'Copy .env.example to .env, write your key after OPENAI_API_KEY= and start Parley again.'
)
_CHECK_ENV = 'Please check the file .env and start Parley again.'
