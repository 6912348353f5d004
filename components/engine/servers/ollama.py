"""Ollama, a common server of language models: if it runs on this computer it is suggested, never used silently.

It is asked with httpx, which the page has loaded anyway: most engines have no server, and so never load `openai`.
"""

import asyncio
import json
from dataclasses import dataclass

import httpx

from components.engine.protocol.wire import Json

from .notice import Notice

URL = 'http://localhost:11434/v1'


@dataclass(frozen=True)
class Ollama:
    """A running Ollama and the names of its models."""

    models: tuple[str, ...]

    @property
    def offer(self) -> Notice:
        """A sentence for the user on how to talk with it."""
        if not self.models:
            return Notice(
                'Ollama runs on this computer, but has no model yet: '
                'try “ollama pull llama3.2” and start Parley again.',
                'ollama_empty',
            )
        models, model = ', '.join(self.models[:_MOST_NAMED]), self.models[0]
        return Notice(
            f'Ollama runs on this computer with {models}: to talk with it, put ENGINE_MIND_URL={URL} and '
            f'ENGINE_MIND_MODEL={model} into .env and start Parley again.',
            'ollama',
            models=models,
            url=URL,
            model=model,
        )


async def find_ollama(client: httpx.AsyncClient, *, seconds: float = 1.0) -> Ollama | None:
    """Return the Ollama of this computer, or None if it does not answer within `seconds`."""
    try:
        async with asyncio.timeout(seconds), client.stream('GET', f'{URL}/models', timeout=None) as response:
            body = await _bounded(response)
        return Ollama(_names(json.loads(body))) if response.is_success else None
    except (TimeoutError, httpx.HTTPError, ValueError, RecursionError):
        return None


async def _bounded(response: httpx.Response) -> bytes:
    """Read a body. Raises ValueError if it is longer than any list of models."""
    body = bytearray()
    async for data in response.aiter_bytes():
        body += data
        if len(body) > _LONGEST_LIST:
            raise ValueError('This is no list of models.')
    return bytes(body)


def _names(listed: Json) -> tuple[str, ...]:
    """Return the names in `{"data": [{"id": "llama3.2:latest"}, …]}`; raise ValueError for anything else."""
    models = listed.get('data') if isinstance(listed, dict) else None
    if models is None and isinstance(listed, dict) and listed.get('object') == 'list':
        return ()  # Ollama without models says so
    if not isinstance(models, list):
        raise ValueError('Expected a list of models.')
    names = [model.get('id') for model in models if isinstance(model, dict)]
    return tuple(name for name in names if isinstance(name, str))


_MOST_NAMED = 5
_LONGEST_LIST = 1_000_000  # bytes
