"""Parley's own engine as a provider: the same protocol, at the page's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from starlette.types import ASGIApp

from components.words.language import Text

from .profile import PROFILES, Profile
from .realtime_service import RealtimeService
from .socket import app_sockets

if TYPE_CHECKING:
    from components.engine.servers.notice import Notice  # at run time this would load the whole engine

MOUNTED_AT = '/engine/v1'
"""Where Parley mounts the engine's app, so that a browser reaches it at the page's own origin."""


def engine_service(app: ASGIApp, profile: Profile = PROFILES['engine'], *, key: str = 'engine') -> RealtimeService:
    """Return a service that calls the engine's app directly, also for the relay, without any network."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))
    calls_url = f'{MOUNTED_AT}/realtime/calls'
    return RealtimeService(key, client, profile, calls_url=calls_url, open_socket=app_sockets(app))


def notice_text(notice: Notice, text: Text) -> str:
    """Translate a notice of the engine; one without a code stays in English."""
    return text(f'engine.{notice.code}', **notice.values) if notice.code else str(notice)
