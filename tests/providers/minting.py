"""An HTTP client that mints, and providers that use it."""

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from components.providers.provider import Introduction
from components.providers.providers import Providers
from components.settings.settings import Settings
from components.words.language import ENGLISH

ENGINE = Settings(provider='engine').fitted()


class Mint:
    """A service that mints; it remembers what it was asked for."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.app = Starlette(routes=[Route('/realtime/client_secrets', self._mint, methods=['POST'])])

    async def _mint(self, request: Request) -> JSONResponse:
        self.requests.append(await request.json())
        if self.requests[-1]['session']['instructions'].startswith('crash'):
            raise RuntimeError
        return JSONResponse({'value': 'ek_1', 'expires_at': 1e12, 'session': {}})


def introductions(providers: Providers) -> list[Introduction]:
    """Return the introductions on an English page."""
    return providers.introductions(ENGLISH.text)
