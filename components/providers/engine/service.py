"""Parley's own engine as a provider: the same protocol, at the page's own address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import httpx
from starlette.types import ASGIApp

from components.providers.connection.connection import ServiceConnection
from components.providers.profile import PROFILES, Profile
from components.providers.realtime_service import RealtimeService
from components.words.language import Text

if TYPE_CHECKING:
    from components.engine.servers.notice import Notice  # at run time this would load the whole engine

MOUNTED_AT = '/engine/v1'
"""The path at which Parley mounts the engine's app, so that a browser reaches it at the page's own origin."""


def engine_service(
    app: ASGIApp,
    profile: Profile = PROFILES['engine'],
    *,
    key: str = 'engine',
    connect: Callable[[str], Awaitable[ServiceConnection]] | None = None,
) -> RealtimeService:
    """Return a service that calls the engine's app directly, without any network.

    Args:
        app: The engine's ASGI app.
        profile: How to place calls.
        key: The engine's key.
        connect: Opens a session with a model for the relay (see `EngineConnection`).
    """
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))
    calls_url = f'{MOUNTED_AT}/realtime/calls'
    return RealtimeService(key, client, profile, calls_url=calls_url, connect=connect)


def notice_text(notice: Notice, text: Text) -> str:
    """Translate a notice of the engine; one without a code stays in English."""
    return text(f'engine.{notice.code}', **notice.values) if notice.code else str(notice)
