"""Other servers that do the work of a stage: whatever speaks OpenAI's HTTP API, on this machine or elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class StageServer:
    """Where a stage's work is done: a base URL such as `http://localhost:11434/v1`, and the model to ask for there."""

    url: str
    model: str
    key: str = field(default='', repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {'Authorization': f'Bearer {self.key}'} if self.key else {}


@dataclass(frozen=True)
class StageServers:
    """Who does the work of each stage; None is the engine itself."""

    ears: StageServer | None = None
    mind: StageServer | None = None
    voice: StageServer | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> StageServers:
        """Read `ENGINE_EARS_URL`, `ENGINE_EARS_MODEL`, `ENGINE_EARS_KEY`, and the same for `MIND` and `VOICE`.

        Raises ValueError with a sentence for the user when a URL cannot be one.
        """
        return cls(*(_server(environ, stage) for stage in ('EARS', 'MIND', 'VOICE')))


def _server(environ: Mapping[str, str], stage: str) -> StageServer | None:
    url, model, key = (environ.get(f'ENGINE_{stage}_{part}', '').strip() for part in ('URL', 'MODEL', 'KEY'))
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {'http', 'https'} or not parts.hostname:
        raise ValueError(f'ENGINE_{stage}_URL must look like http://localhost:8000/v1, but is “{url}”.')
    return StageServer(url.rstrip('/'), model or _DEFAULT_MODELS[stage], key)


# What most servers take when a model is not chosen; servers with one model ignore the name.
_DEFAULT_MODELS = {'EARS': 'whisper-1', 'MIND': 'default', 'VOICE': 'tts-1'}
