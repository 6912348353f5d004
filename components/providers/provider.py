"""One provider, as the settings show it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import CATALOGUES, Catalogue, ProviderKind
from components.words.language import Text

from .connection import ServiceConnection
from .engine.service import engine_service
from .profile import BadSetup, Profile
from .proxies import Proxies
from .realtime_service import RealtimeService

Localized = Callable[[Text], str]
"""Gives a sentence in the language of a page."""


class Provider:
    """A name and a hint in the language of a page, and the service that places calls.

    Args:
        kind: The provider's key in `assets/providers.json`.
        service: Reaches the provider; None if it isn't set up, and then the hint says what is missing.
        label: Gives its name.
        hint: Gives what the user should know about it.
        catalogue: The models and voices it offers, if `assets/models.json` alone does not define them.
    """

    def __init__(
        self,
        kind: ProviderKind,
        service: RealtimeService | None,
        *,
        label: Localized,
        hint: Localized,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.kind = kind
        self.service = service
        self.catalogue = catalogue
        self._label, self._hint = label, hint

    @property
    def available(self) -> bool:
        """Whether the provider is set up, so that calls can be placed."""
        return self.service is not None

    @property
    def relay_only(self) -> bool:
        """Whether the provider can only be reached over a WebSocket."""
        return self.service is not None and self.service.profile.placing == 'websocket'

    def introduction(self, text: Text) -> Introduction:
        """Return how a page shows the provider, in the language of `text`."""
        return Introduction(self.kind, self._label(text), self._hint(text), self.available)


@dataclass(frozen=True)
class Introduction:
    """A provider as a page shows it: its name, and what choosing it means or what it still needs."""

    kind: ProviderKind
    label: str
    hint: str
    available: bool


def served_provider(
    profile: Profile, environ: Mapping[str, str], proxies: Proxies, client: httpx.AsyncClient | None
) -> Provider:
    """Return a provider as the environment sets it up; without a service if variables are missing or wrong."""
    given = profile.given(environ)
    try:
        profile.check(given)
        reached = profile.with_given(given)
        proxy = proxies.find(reached.base_url)
        client = client or httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(proxy=proxy))
        service = RealtimeService(given.get('key', ''), client, reached, proxy=proxy)
    except BadSetup as error:
        return Provider(
            profile.kind, None, label=_fixed(profile.label or profile.kind), hint=_invitation(profile, error)
        )
    return Provider(
        profile.kind,
        service,
        label=_fixed(reached.label),
        hint=_hint(profile, reached),
        catalogue=profile.catalogue(given),
    )


def engine_provider(
    profile: Profile,
    environ: Mapping[str, str],
    hint: Localized,
    app: ASGIApp,
    connect: Callable[[str], Awaitable[ServiceConnection]] | None,
    voices: Mapping[str, str],
) -> Provider:
    """Return Parley's own engine as a provider, whose `voices` sound natural or simple.

    Raises:
        ValueError: `ENGINE_PLACING` is invalid.
    """
    service = engine_service(app, profile.with_given(profile.given(environ)), connect=connect)
    return Provider(
        'engine',
        service,
        label=lambda text: text('providers.engine.label'),
        hint=hint,
        catalogue=CATALOGUES['engine'].with_voice_kinds(voices),
    )


def _fixed(label: str) -> Localized:
    return lambda text: label


def _invitation(profile: Profile, problem: BadSetup) -> Localized:
    if profile.kind == 'openai' and problem.missing:
        return lambda text: text('providers.invitation')
    return problem.sentence


def _hint(profile: Profile, reached: Profile) -> Localized:
    if reached.base_url == profile.base_url:
        return lambda text: text('providers.billed')
    host, variable = httpx.URL(reached.base_url).netloc.decode(), profile.variables['url']
    return lambda text: text('providers.elsewhere', host=host, variable=variable)
