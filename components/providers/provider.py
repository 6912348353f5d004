"""One who may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import Catalogue, ProviderKind
from components.words.language import Text

from .engine import engine_service
from .profile import BadSetup, Profile
from .realtime_service import RealtimeService

Told = Callable[[Text], str]
"""Gives a sentence in the language of a page."""


class Provider:
    """Has a name, and a hint what to know of it, in the language of a page. Its service places the calls."""

    def __init__(
        self,
        kind: ProviderKind,
        service: RealtimeService | None,
        *,
        label: Told,
        hint: Told,
        catalogue: Catalogue | None = None,
    ) -> None:
        """Without a service it is only shown, and its hint says what is missing.

        :param catalogue: its offer, where only the environment knows it
        """
        self.kind = kind
        self.service = service
        self.catalogue = catalogue
        self._label, self._hint = label, hint

    @property
    def available(self) -> bool:
        """Whether a call can be placed."""
        return self.service is not None

    @property
    def relay_only(self) -> bool:
        """Whether its calls travel over WebSocket only."""
        return self.service is not None and self.service.profile.placing == 'websocket'

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


def served_provider(profile: Profile, environ: Mapping[str, str], client: httpx.AsyncClient | None) -> Provider:
    """Return a provider as the environment has it; without a service where that is not enough."""
    given = profile.given(environ)
    try:
        profile.check(given)
        reached = profile.with_given(given)
        service = RealtimeService(given.get('key', ''), client or httpx.AsyncClient(), reached)
    except BadSetup as error:
        return Provider(profile.kind, None, label=_named(profile.label or profile.kind), hint=_invited(profile, error))
    return Provider(
        profile.kind,
        service,
        label=_named(reached.label),
        hint=_hint(profile, reached),
        catalogue=profile.catalogue(given),
    )


def engine_provider(profile: Profile, environ: Mapping[str, str], hint: Told, app: ASGIApp) -> Provider:
    """Return Parley's own engine as one. Raises ValueError for an `ENGINE_PLACING` that cannot be."""
    service = engine_service(app, profile.with_given(profile.given(environ)))
    return Provider('engine', service, label=lambda text: text('providers.engine.label'), hint=hint)


def _named(label: str) -> Told:
    return lambda text: label


def _invited(profile: Profile, problem: BadSetup) -> Told:
    if profile.kind == 'openai' and problem.missing:
        return lambda text: text('providers.invitation')
    return problem.told


def _hint(profile: Profile, reached: Profile) -> Told:
    if reached.base_url == profile.base_url:
        return lambda text: text('providers.billed')
    host, variable = httpx.URL(reached.base_url).netloc.decode(), profile.variables['url']
    return lambda text: text('providers.elsewhere', host=host, variable=variable)
