"""Who can answer, given the environment, and who does unless the user chooses otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import Catalogue, ProviderKind
from components.settings.personas.personas import Personas
from components.settings.session import session
from components.settings.settings import Settings, Transport
from components.words.language import ENGLISH, Text, sentences

from .engine import notice_text
from .error import ProviderError
from .profile import PROFILES, Placing
from .provider import Introduction, Provider, engine_provider, served_provider
from .realtime_service import RealtimeService
from .socket import ServiceSocket
from .ticket import PlacedCall, Ticket

if TYPE_CHECKING:
    from components.engine.servers.notice import Notice


class Providers:
    """The providers of this program, the preferred one first.

    `catalogues` belong into `CATALOGUES`, before settings are made.
    """

    def __init__(self, *providers: Provider) -> None:
        self.all = providers
        self._by_kind = {provider.kind: provider for provider in providers}

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str],
        engine_app: ASGIApp,
        *,
        engine_problems: Sequence[Notice] = (),
        engine_notes: Sequence[Notice] = (),
        client: httpx.AsyncClient | None = None,
    ) -> Providers:
        """Read the variables that the profiles name, and `PARLEY_PROVIDER`. Who is not named in any way is not there,
        but for the engine always and OpenAI where there would be nobody else.

        Raises ValueError, in words for the user, for a `PARLEY_PROVIDER` or `ENGINE_PLACING` that cannot be.

        :param engine_problems: what the engine cannot do on this machine
        :param engine_notes: who does the engine's work, where others do some of it
        """
        preferred = environ.get('PARLEY_PROVIDER', '').strip()
        if preferred and preferred not in PROFILES:
            raise ValueError(f'PARLEY_PROVIDER must be one of {", ".join(PROFILES)}')

        def engine_hint(text: Text) -> str:
            notes = [notice_text(note, text) for note in engine_notes] or [text('providers.engine.hint')]
            return sentences(*(notice_text(problem, text) for problem in engine_problems), *notes)

        engine = engine_provider(PROFILES['engine'], environ, engine_hint, engine_app)
        others = [profile for profile in PROFILES.values() if profile.kind != 'engine']
        meant = [profile for profile in others if profile.kind == preferred or profile.given(environ)]
        served = [served_provider(profile, environ, client) for profile in meant or [PROFILES['openai']]]
        providers = sorted([*served, engine], key=lambda provider: provider.kind != preferred)
        return cls(*providers)

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

    @property
    def catalogues(self) -> dict[ProviderKind, Catalogue]:
        """What those offer of whom only the environment knows it."""
        return {provider.kind: provider.catalogue for provider in self.all if provider.catalogue}

    def restore(self, stored: object, personas: Personas | None = None) -> Settings:
        """Read settings from storage. A provider never chosen, or gone since, gives way to the default one."""
        settings = Settings.from_storage(stored, personas)
        kept = stored.get('provider') if isinstance(stored, Mapping) else None
        chosen = kept == settings.provider and settings.provider in self._available
        return settings if chosen else replace(settings, provider=self.default).fitted()

    def store(self, settings: Settings) -> dict[str, str | bool | float]:
        """Return what `restore` reads. Where only one provider could answer, using it is not taken for a choice:
        who adds a key later talks with OpenAI from then on.
        """
        stored = settings.to_storage()
        if len(self._available) == 1:
            del stored['provider']
        return stored

    def session(self, settings: Settings) -> dict[str, object]:
        """Return the session object of the wire for these settings, without what their provider does not take."""
        wire, service = session(settings), self._by_kind[settings.provider].service
        return service.profile.taken(wire) if service else wire

    def transport(self, settings: Settings) -> Transport:
        """How a call with these settings travels: by the relay in any case where its provider knows no WebRTC."""
        return 'relay' if self._by_kind[settings.provider].relay_only else settings.transport

    def placing(self, settings: Settings) -> Placing:
        """Tell who places calls with these settings. Raises ProviderError if the provider isn't set up."""
        return self._service(settings.provider).profile.placing

    async def mint(self, settings: Settings, browser: str) -> Ticket:
        """Fetch a ticket by which a browser places one call itself. Raises ProviderError.

        :param browser: tells one user from another
        """
        return await self._service(settings.provider).mint(self.session(settings), browser)

    async def place(self, settings: Settings, offer: str, browser: str) -> PlacedCall:
        """Place a call over WebRTC for a browser, from its SDP offer. Raises ProviderError."""
        return await self._service(settings.provider).place(offer, self.session(settings), browser)

    async def hang_up(self, kind: ProviderKind, call_id: str) -> None:
        """End a call that Python has placed. Raises ProviderError, also where it has ended already."""
        await self._service(kind).hang_up(call_id)

    async def connect(self, settings: Settings, browser_id: str) -> ServiceSocket:
        """Open a WebSocket for a call with these settings, for the relay. Raises ProviderError."""
        return await self._service(settings.provider).connect(settings.model, browser_id)

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

    def _service(self, kind: ProviderKind) -> RealtimeService:
        provider = self._by_kind[kind]
        if provider.service is None:
            raise ProviderError('invalid_api_key', provider.introduced(ENGLISH.text).hint)
        return provider.service
