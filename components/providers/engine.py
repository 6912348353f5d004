"""Parley's own engine as the one who answers: the same protocol, at the page's own address."""

import httpx
from starlette.types import ASGIApp

from .openai import OpenAI
from .socket import app_sockets

MOUNTED_AT = '/engine/v1'
"""Where Parley mounts the engine's app, so that a browser reaches it at the page's own origin."""


def engine(app: ASGIApp, key: str = 'engine') -> OpenAI:
    """Return a provider that mints, and connects for the relay, by calling the app itself, without any network."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False))
    calls_url = f'{MOUNTED_AT}/realtime/calls'
    return OpenAI(key, client, 'http://localhost', kind='engine', calls_url=calls_url, open_socket=app_sockets(app))
