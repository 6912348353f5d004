"""One provider, as the settings show it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp

from components.settings.catalogue import CATALOGUES, Catalogue, ProviderKind
from components.words.language import Text

from .connection.connection import ServiceConnection
from .engine.service import engine_service
from .profile import BadSetup, Given, Profile
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
        key_variable: The variable of its key, if a key is all that may be missing; '' if it takes none.
        url: Its base URL, '' if it isn't known yet.
        guest_hint: Gives what a guest should know about it, by default nothing.
    """

    def __init__(
        self,
        kind: ProviderKind,
        service: RealtimeService | None,
        *,
        label: Localized,
        hint: Localized,
        catalogue: Catalogue | None = None,
        key_variable: str = '',
        url: str = '',
        guest_hint: Localized = lambda text: '',
    ) -> None:
        self.kind = kind
        self.service = service
        self.catalogue = catalogue
        self.key_variable = key_variable
        self.url = url
        self._label, self._hint, self._guest_hint = label, hint, guest_hint

    @property
    def available(self) -> bool:
        """Whether the provider is set up, so that calls can be placed."""
        return self.service is not None

    @property
    def relay_only(self) -> bool:
        """Whether the provider can only be reached over a WebSocket."""
        return self.service is not None and self.service.profile.placing == 'websocket'

    def introduction(self, text: Text, *, for_guest: bool = False) -> Introduction:
        """Return how a page shows the provider, in the language of `text`."""
        hint = self._guest_hint if for_guest else self._hint
        return Introduction(self.kind, self._label(text), hint(text), self.available, self.key_variable)


@dataclass(frozen=True)
class Introduction:
    """A provider as a page shows it: its name, and what choosing it means or what it still needs.

    `key_variable` is the variable of the key that the host may enter on the page; '' if there is none.
    """

    kind: ProviderKind
    label: str
    hint: str
    available: bool
    key_variable: str = ''


def served_provider(
    profile: Profile, environ: Mapping[str, str], proxies: Proxies, client: httpx.AsyncClient | None
) -> Provider:
    """Return a provider as the environment sets it up; without a service if variables are missing or wrong."""
    given = profile.given(environ)
    url, key_variable = _reached_with_a_key(profile, given)
    try:
        profile.check(given)
        reached = profile.with_given(given)
        proxy = proxies.find(reached.base_url)
        client = client or httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(proxy=proxy))
        service = RealtimeService(given.get('key', ''), client, reached, proxy=proxy)
    except BadSetup as error:
        return Provider(
            profile.kind,
            None,
            label=_fixed(profile.label or profile.kind),
            hint=_invitation(profile, error),
            key_variable=key_variable,
            url=url,
        )
    return Provider(
        profile.kind,
        service,
        label=_fixed(reached.label),
        hint=_hint(profile, reached),
        catalogue=profile.catalogue(given),
        key_variable=key_variable,
        url=reached.base_url,
        guest_hint=lambda text: text('providers.of_host'),
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
        guest_hint=lambda text: text('providers.engine.of_host'),
    )


def _reached_with_a_key(profile: Profile, given: Given) -> tuple[str, str]:
    """Return the URL and the variable of the key, if a key is all that may be missing; else two empty texts."""
    try:
        profile.check({**given, 'key': 'any'})
        reached = profile.with_given(given)
    except BadSetup:
        return '', ''
    takes_key = reached.authentication != 'none' and 'key' in profile.variables
    return reached.base_url, profile.variables['key'] if takes_key else ''


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
