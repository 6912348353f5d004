"""A service that answers as a test says, and what it is asked and answers as a rule."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from components.providers.error import ProviderError
from components.providers.profile import PROFILES
from components.providers.realtime_service import RealtimeService

KEY = 'sk-proj-CANARY_canary-0123456789'
MODEL = 'gpt-realtime-2.1-mini'
SESSION: dict[str, object] = {'type': 'realtime', 'model': MODEL, 'instructions': 'Sei höflich.'}
ANSWER = {'value': 'ek_68af', 'expires_at': 1120, 'session': {'type': 'realtime', 'object': 'realtime.session'}}
ELSEWHERE = 'http://localhost:4000/v1'
SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n'

Handler = Callable[[httpx.Request], httpx.Response]


def service(handler: Handler, *, key: str = KEY, base_url: str = '', **changes: Any) -> RealtimeService:
    client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    profile = PROFILES['openai']
    profile = profile.with_given(profile.given({'OPENAI_BASE_URL': base_url}))
    return RealtimeService(key, client, replace(profile, **changes), now=lambda: 1000.0)


def says(status: int, body: object) -> Handler:
    return lambda _: httpx.Response(status, json=body)


async def failure(handler: Handler) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await service(handler).mint(SESSION, 'browser-1')
    return caught.value


def raises(error: Exception) -> Handler:
    return lambda _: fail(error)


def fail(error: Exception) -> httpx.Response:
    raise error
