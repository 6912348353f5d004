"""All providers of the program: which are set up, which is the default, and how to call them."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import CATALOGUES, Catalogue, ProviderKind
from components.settings.personas.personas import Personas
from components.settings.session import session
from components.settings.settings import Settings, Transport
from components.words.language import ENGLISH, Text, sentences

from .browsers import detour
from .connection.connection import ServiceConnection
from .engine.service import notice_text
from .error import ProviderError
from .profile import PROFILES, BadSetup, Placing
from .provider import Introduction, Provider, engine_provider, served_provider
from .proxies import Proxies
from .realtime_service import RealtimeService
from .text_writer import TextWriter
from .ticket import PlacedCall, Ticket

if TYPE_CHECKING:
    from components.engine.servers.notice import Notice


class Providers:
    """The providers of this program, the preferred one first."""

    def __init__(
        self,
        *providers: Provider,
        engine_writer: Callable[[], TextWriter | None] = lambda: None,
        engine_life_at: Callable[[str], float] = lambda call_id: -math.inf,
        with_key: Callable[[ProviderKind, str], Provider] | None = None,
    ) -> None:
        self._engine_writer = engine_writer
        self._engine_life_at = engine_life_at
        self._with_key = with_key
        self._retired: list[RealtimeService] = []  # their connections may still be in use
        self._use(providers)

    def _use(self, providers: Sequence[Provider]) -> None:
        self.all = tuple(providers)
        self._by_kind = {provider.kind: provider for provider in providers}
        own = {provider.kind: provider.catalogue for provider in providers if provider.catalogue}
        self._catalogues: Mapping[ProviderKind, Catalogue] = {**CATALOGUES, **own}

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str],
        engine_app: ASGIApp,
        *,
        engine_connect: Callable[[str], Awaitable[ServiceConnection]] | None = None,
        engine_problems: Sequence[Notice] = (),
        engine_voices: Mapping[str, str] = MappingProxyType({}),
        engine_writer: Callable[[], TextWriter | None] = lambda: None,
        engine_life_at: Callable[[str], float] = lambda call_id: -math.inf,
        engine_notes: Callable[[], Sequence[Notice]] = tuple,
        proxies: Proxies | None = None,
        client: httpx.AsyncClient | None = None,
    ) -> Providers:
        """Read the variables that the profiles name, and `PARLEY_PROVIDER`.

        A provider is included if the environment mentions it. The engine always is, and so is OpenAI if there would be
        no other.

        Args:
            environ: The environment variables.
            engine_app: The engine's ASGI app.
            engine_connect: Opens a session of the engine for the relay (see `EngineConnection`).
            engine_problems: The abilities that the engine lacks on this machine.
            engine_writer: Returns the engine's text model.
            engine_life_at: Returns when somebody last spoke in the engine's call with this id.
            engine_voices: Whether each voice of the engine sounds 'natural' or 'simple'.
            engine_notes: Returns what does part of the engine's work, which may change.
            proxies: The proxies of the environment; by default those of `environ`.
            client: The HTTP client for all providers but the engine.

        Raises:
            ValueError: `PARLEY_PROVIDER` or `ENGINE_PLACING` is invalid; the message is for the user.
        """
        preferred = environ.get('PARLEY_PROVIDER', '').strip()
        if preferred and preferred not in PROFILES:
            raise ValueError(f'PARLEY_PROVIDER must be one of {", ".join(PROFILES)}')

        def engine_hint(text: Text) -> str:
            notes = [notice_text(note, text) for note in engine_notes()] or [text('providers.engine.hint')]
            return sentences(*(notice_text(problem, text) for problem in engine_problems), *notes)

        engine = engine_provider(PROFILES['engine'], environ, engine_hint, engine_app, engine_connect, engine_voices)
        others = [profile for profile in PROFILES.values() if profile.kind != 'engine']
        mentioned = [profile for profile in others if profile.kind == preferred or profile.given(environ)]
        known_proxies = proxies or Proxies(environ)

        def serve(kind: ProviderKind, key: str | None = None) -> Provider:
            given = environ if key is None else {**environ, PROFILES[kind].variables['key']: key}
            return served_provider(PROFILES[kind], given, known_proxies, client)

        served = [serve(profile.kind) for profile in mentioned or [PROFILES['openai']]]
        providers = sorted([*served, engine], key=lambda provider: provider.kind != preferred)
        return cls(*providers, engine_writer=engine_writer, engine_life_at=engine_life_at, with_key=serve)

    async def take_key(self, kind: ProviderKind, key: str) -> None:
        """Try a key at once, and from now on place the provider's calls with it. Calls that are running go on.

        Raises:
            BadSetup: The key contains characters that a key can't have, or the provider takes none.
            ProviderError: The provider doesn't take the key, or can't be reached. The former key stays.
        """
        provider = self._by_kind[kind]
        if not provider.key_variable or not self._with_key:
            raise BadSetup('missing', label=kind, variables='')
        candidate = self._with_key(kind, key)
        if candidate.service is None:
            raise BadSetup('bad_key', variable=provider.key_variable)
        self._retired.append(candidate.service)  # until it has proved itself
        catalogues = {**self.catalogues, kind: candidate.catalogue or CATALOGUES[kind]}
        trial = Settings.from_storage({'provider': kind}, None, catalogues).fitted()
        await candidate.service.try_key(candidate.service.profile.taken(session(trial)))
        self._retired.remove(candidate.service)
        if service := self._by_kind[kind].service:
            self._retired.append(service)
        self._use([candidate if each.kind == kind else each for each in self.all])

    def introductions(self, text: Text, *, for_guest: bool = False) -> list[Introduction]:
        """Return how a page shows each provider, in the language of `text`.

        A guest, who can set up nothing, is shown only those that are available.
        """
        shown = [provider for provider in self.all if provider.available or not for_guest]
        return [provider.introduction(text, for_guest=for_guest) for provider in shown]

    def hint(self, settings: Settings, text: Text, today: date | None = None, *, for_guest: bool = False) -> str:
        """Describe the provider of these settings, and in a line each: chosen models that end, providers to set up."""
        chosen = self._by_kind[settings.provider].introduction(text, for_guest=for_guest)
        shown = self.introductions(text, for_guest=for_guest)
        others = [provider.hint for provider in shown if not provider.available]
        ends = self._ends(settings, text, today or date.today())
        return '\n'.join([text('providers.answerer', label=chosen.label, hint=chosen.hint), *ends, *others])

    def _ends(self, settings: Settings, text: Text, today: date) -> list[str]:
        catalogue = self._catalogues[settings.provider]
        chosen = [catalogue.models.get(settings.model)]
        if settings.transcription:
            chosen.append(catalogue.transcription_models.get(settings.transcription_model))
        return [
            text('providers.model_ends', model=model.id, date=model.shutdown, successor=model.successor)
            for model in chosen
            if model and model.ends_soon(today)
        ]

    @property
    def default(self) -> ProviderKind:
        """The first provider that is set up."""
        return self._available[0]

    @property
    def catalogues(self) -> Mapping[ProviderKind, Catalogue]:
        """The offers of all providers, including those that the environment configures."""
        return self._catalogues

    def restore(self, stored: object, personas: Personas | None = None) -> Settings:
        """Read settings from storage. The default provider replaces one that was never chosen or is gone."""
        settings = Settings.from_storage(stored, personas, self.catalogues)
        kept = stored.get('provider') if isinstance(stored, Mapping) else None
        chosen = kept == settings.provider and settings.provider in self._available
        return settings if chosen else replace(settings, provider=self.default).fitted()

    def store(self, settings: Settings) -> dict[str, str | bool | float]:
        """Return what `restore` reads.

        If only one provider is set up, it isn't stored as a choice: a user who adds a key later then gets OpenAI.
        """
        stored = settings.to_storage()
        if len(self._available) == 1:
            del stored['provider']
        return stored

    def session(self, settings: Settings) -> dict[str, object]:
        """Return the session object for these settings, without the fields that their provider doesn't take."""
        wire, service = session(settings), self._by_kind[settings.provider].service
        return service.profile.taken(wire) if service else wire

    def transport(self, settings: Settings, *, guest: bool = False, user_agent: str = '') -> Transport:
        """Return the transport for these settings: always the relay if their provider doesn't support WebRTC.

        Calls of guests have limits, and calls that Python places must end with their page. Where the provider can't
        hang up, they also go by the relay, which Python can cut. On automatic, so do those of browsers that lose direct
        calls to their provider.
        """
        provider = self._by_kind[settings.provider]
        if provider.relay_only or (guest and not self._hangs_up(settings)):
            return 'relay'
        unified = provider.service is not None and provider.service.profile.placing == 'unified'
        if unified and self._hangs_up(settings) is False:
            return 'relay'
        if settings.transport == 'auto' and detour(user_agent, settings.provider):
            return 'relay'
        return settings.transport

    async def learn_whether_they_hang_up(self, *, guests: bool) -> bool:
        """Ask the services that may have to end calls whether they can: all of them if there may be guests.

        Returns whether it is known only now of any of them. Calls may travel otherwise then.
        """
        services = [provider.service for provider in self.all if provider.service and not provider.relay_only]
        asked = [service for service in services if guests or service.profile.placing == 'unified']
        return any(await asyncio.gather(*(service.learn_whether_it_hangs_up() for service in asked)))

    def _hangs_up(self, settings: Settings) -> bool | None:
        service = self._by_kind[settings.provider].service
        return service.hangs_up if service else None

    def transcribes_first(self, settings: Settings) -> bool:
        """Tell whether the provider of these settings answers speech only after its transcript."""
        return PROFILES[settings.provider].transcribes_first

    def placing(self, settings: Settings) -> Placing:
        """Tell who places calls with these settings. Raises ProviderError if the provider isn't set up."""
        return self._service(settings.provider).profile.placing

    async def mint(self, settings: Settings, browser: str) -> Ticket:
        """Fetch a ticket with which a browser places one call itself.

        Args:
            settings: The settings of the call.
            browser: Distinguishes the users of one key.

        Raises:
            ProviderError: The provider gave no ticket.
        """
        return await self._service(settings.provider).mint(self.session(settings), browser)

    async def place(self, settings: Settings, offer: str, browser: str) -> PlacedCall:
        """Place a call over WebRTC for a browser, from its SDP offer. Raises ProviderError."""
        return await self._service(settings.provider).place(offer, self.session(settings), browser)

    def text_writer(self, settings: Settings) -> TextWriter | None:
        """Return the text model of the provider of these settings, None if it has none."""
        if settings.provider == 'engine':
            return self._engine_writer()
        service = self._by_kind[settings.provider].service
        return TextWriter(service.write) if service and service.profile.text_model else None

    async def hang_up(self, kind: ProviderKind, call_id: str) -> None:
        """End a call that Python has placed. Raises ProviderError, also if it has already ended."""
        await self._service(kind).hang_up(call_id)

    def life_at(self, kind: ProviderKind, call_id: str) -> float:
        """Return when somebody last spoke in a call, in Unix seconds; -inf if that is not known.

        Only the engine's calls are in this program.
        """
        return self._engine_life_at(call_id) if kind == 'engine' else -math.inf

    async def connect(self, settings: Settings, browser_id: str) -> ServiceConnection:
        """Open a session for a call with these settings, for the relay. Raises ProviderError."""
        return await self._service(settings.provider).connect(settings.model, browser_id)

    @property
    def origins(self) -> list[str]:
        """The origins to which browsers send their offers, besides the page's own: also where only a key is missing."""
        urls = [httpx.URL(provider.service.calls_url if provider.service else provider.url) for provider in self.all]
        return [f'{url.scheme}://{url.netloc.decode()}' for url in urls if url.is_absolute_url]

    async def close(self) -> None:
        """Close the connections to all providers."""
        for service in [*(provider.service for provider in self.all), *self._retired]:
            if service:
                await service.close()

    @property
    def _available(self) -> list[ProviderKind]:
        return [provider.kind for provider in self.all if provider.available]

    def _service(self, kind: ProviderKind) -> RealtimeService:
        provider = self._by_kind[kind]
        if provider.service is None:
            raise ProviderError('invalid_api_key', provider.introduction(ENGLISH.text).hint)
        return provider.service
