"""Parley's own engine as the one who answers: the same protocol, at the page's own address."""

import httpx
from starlette.types import ASGIApp

from .openai import OpenAI
from .profile import PROFILES, Profile

MOUNTED_AT = '/engine/v1'
"""Where Parley mounts the engine's app, so that a browser reaches it at the page's own origin."""


def engine(app: ASGIApp, profile: Profile = PROFILES['engine'], *, key: str = 'engine') -> OpenAI:
    """Return a provider that calls the app itself, without any network."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))
    return OpenAI(key, client, profile, calls_url=f'{MOUNTED_AT}/realtime/calls')
