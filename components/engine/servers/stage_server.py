"""The configuration of stages whose work is done by something else than the engine's own parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

import httpx

from components.engine.local_mind.models import LocalModel

from .calendar import end_notice
from .notice import Notice

StageName: TypeAlias = Literal['EARS', 'MIND', 'VOICE']


@dataclass(frozen=True)
class StageServer:
    """A server with OpenAI's HTTP API: a base URL such as `http://localhost:11434/v1`, and the model to ask for.

    `on_page` tells whether the page chose it, and not the environment; that matters for advice about it only.
    """

    url: str
    model: str
    key: str = field(default='', repr=False)
    on_page: bool = field(default=False, compare=False)

    @property
    def host(self) -> str:
        """The host, with its port if the URL names one, such as `localhost:11434`."""
        return httpx.URL(self.url).netloc.decode()


@dataclass(frozen=True)
class FasterWhisper:
    """The package faster-whisper in the engine's own recogniser, with a model such as `base.en`."""

    model: str


MindChoice: TypeAlias = StageServer | LocalModel | None
"""A server, a model on this computer, or the engine's rules."""


@dataclass(frozen=True)
class StageServers:
    """The server for each stage; None is the engine's own part.

    `voice_name` is the voice to ask the server `voice` for, if it knows none of the Realtime API's; if it is empty, the
    server is asked for the voice of the session.
    """

    ears: StageServer | FasterWhisper | None = None
    mind: MindChoice = None
    voice: StageServer | None = None
    voice_name: str = ''

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> StageServers:
        """Read the configuration from environment variables.

        They are `ENGINE_EARS_URL`, `ENGINE_EARS_MODEL`, `ENGINE_EARS_KEY`, and the same for `MIND` and `VOICE`; also
        `ENGINE_EARS` (`faster-whisper` or nothing), `ENGINE_MIND` (`local` or nothing) and `ENGINE_VOICE_NAME`. The
        files of local models are in the folder `models` of `PARLEY_DATA`.

        Raises:
            ValueError: A value cannot be right. The message is a sentence for the user.
        """
        given = {name: value.strip() for name, value in environ.items() if name.startswith('ENGINE_')}
        return cls(
            ears=_ears(given),
            mind=_mind(given, models_folder(environ)),
            voice=_server(given, 'VOICE'),
            voice_name=given.get('ENGINE_VOICE_NAME', ''),
        )

    @property
    def notes(self) -> list[Notice]:
        """A short sentence for each stage about what does its work; none if the engine does it all."""
        if not (self.ears or self.mind or self.voice):
            return []
        return [
            _ears_note(self.ears),
            mind_note(self.mind),
            Notice(f'Voice: {self.voice.host}.', 'voice', host=self.voice.host)
            if self.voice
            else Notice('Voice: built in.', 'own_voice'),
            *self.ends(date.today()),
        ]

    def ends(self, today: date) -> list[Notice]:
        """Return a notice for each model that its maker switches off soon."""
        stages = {'EARS': self.ears, 'MIND': self.mind, 'VOICE': self.voice}
        servers = {stage: server for stage, server in stages.items() if isinstance(server, StageServer)}
        notices = (end_notice(it.host, it.model, f'ENGINE_{stage}_MODEL', today) for stage, it in servers.items())
        return [notice for notice in notices if notice]


def mind_note(mind: MindChoice) -> Notice:
    """Return a short sentence about what answers."""
    match mind:
        case StageServer(host=host):
            return Notice(f'Answers: {host}.', 'mind', host=host)
        case LocalModel(name=name):
            return Notice(f'Answers: {name} on this computer.', 'local_mind', name=name)
    return Notice('Answers: built in, a rehearsal partner without a language model.', 'own_mind')


def models_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of fetched model files."""
    return Path(environ.get('PARLEY_DATA') or '.parley', 'models')


def _ears(given: Mapping[str, str]) -> StageServer | FasterWhisper | None:
    package, server = given.get('ENGINE_EARS', ''), _server(given, 'EARS')
    if not package:
        return server
    if package != 'faster-whisper':
        raise ValueError(f'ENGINE_EARS can only be faster-whisper, not “{package}”. {_CHECK}')
    if server:
        raise ValueError(f'ENGINE_EARS and ENGINE_EARS_URL each choose the ears: remove one of them. {_CHECK}')
    return FasterWhisper(given.get('ENGINE_EARS_MODEL') or 'base.en')


def _mind(given: Mapping[str, str], folder: Path) -> MindChoice:
    kind, server = given.get('ENGINE_MIND', ''), _server(given, 'MIND')
    if not kind:
        return server
    if kind != 'local':
        raise ValueError(f'ENGINE_MIND can only be local, not “{kind}”. {_CHECK}')
    if server:
        raise ValueError(f'ENGINE_MIND and ENGINE_MIND_URL each choose the mind: remove one of them. {_CHECK}')
    try:
        return LocalModel.given(given.get('ENGINE_MIND_MODEL', ''), folder)
    except ValueError as error:
        raise ValueError(f'{error} {_CHECK}') from None


def _server(given: Mapping[str, str], stage: StageName) -> StageServer | None:
    url, model, key = (given.get(f'ENGINE_{stage}_{part}', '') for part in ('URL', 'MODEL', 'KEY'))
    if not url:
        return None
    if not _is_base_url(url):
        raise ValueError(f'ENGINE_{stage}_URL must look like http://localhost:8000/v1, without a password. {_CHECK}')
    if not (key.isascii() and key.isprintable()):
        raise ValueError(f'ENGINE_{stage}_KEY has a character that no key can have: copy it again. {_CHECK}')
    return StageServer(url.rstrip('/'), model or _DEFAULT_MODELS[stage], key)


def _is_base_url(text: str) -> bool:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    return url.scheme in {'http', 'https'} and bool(url.host) and not (url.userinfo or url.query or url.fragment)


def _ears_note(ears: StageServer | FasterWhisper | None) -> Notice:
    match ears:
        case StageServer(host=host):
            return Notice(f'Speech recognition: {host}.', 'ears', host=host)
        case FasterWhisper(model):
            return Notice(f'Speech recognition: faster-whisper with the model {model}.', 'whisper_ears', model=model)
    return Notice('Speech recognition: built in, English only.', 'own_ears')


_CHECK = 'Please check the file .env or the environment, and start again.'
# The names that most servers accept if no model is chosen; servers with a single model ignore the name.
_DEFAULT_MODELS: dict[StageName, str] = {'EARS': 'whisper-1', 'MIND': 'default', 'VOICE': 'tts-1'}
