"""Ollama, a common server of language models: found where it usually is, and offered, not silently used."""

import asyncio
from dataclasses import dataclass

import httpx

from components.engine.protocol.wire import Json

from .remark import Remark

URL = 'http://localhost:11434/v1'


@dataclass(frozen=True)
class Ollama:
    """An Ollama that runs, and the models that it has."""

    models: tuple[str, ...]

    @property
    def offer(self) -> Remark:
        """What the user is told: how to talk with it."""
        if not self.models:
            return Remark(
                'Ollama runs on this computer, but has no model yet: '
                'try “ollama pull llama3.2” and start Parley again.',
                'ollama_empty',
            )
        models, model = ', '.join(self.models[:_MOST_NAMED]), self.models[0]
        return Remark(
            f'Ollama runs on this computer with {models}: to talk with it, put ENGINE_MIND_URL={URL} and '
            f'ENGINE_MIND_MODEL={model} into .env and start Parley again.',
            'ollama',
            models=models,
            url=URL,
            model=model,
        )


async def find_ollama(client: httpx.AsyncClient, *, seconds: float = 1.0) -> Ollama | None:
    """Look for Ollama, for so many seconds at most."""
    try:
        async with asyncio.timeout(seconds):
            response = await client.get(f'{URL}/models', timeout=None)
        return Ollama(_names(response.json())) if response.is_success else None
    except (TimeoutError, httpx.HTTPError, ValueError, RecursionError):
        return None


def _names(listed: Json) -> tuple[str, ...]:
    """The names in `{"data": [{"id": "llama3.2:latest"}, …]}`. Raises ValueError for anything else."""
    models = listed.get('data') if isinstance(listed, dict) else None
    if models is None and isinstance(listed, dict) and listed.get('object') == 'list':
        return ()  # as Ollama lists no models
    if not isinstance(models, list):
        raise ValueError('This is no list of models.')
    names = [model.get('id') for model in models if isinstance(model, dict)]
    return tuple(name for name in names if isinstance(name, str))


_MOST_NAMED = 5
