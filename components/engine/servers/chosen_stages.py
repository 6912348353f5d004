"""The stages of an engine, as its owner has chosen them."""

import asyncio
from dataclasses import replace

import httpx

from components.engine.minds.mind import Mind
from components.engine.minds.rehearsal_mind import RehearsalMind
from components.engine.speech.missing import Package, missing_stages
from components.engine.speech.speech_process import SpeechAbilities, SpeechProcess
from components.engine.stages import Recogniser, Stages, Synthesiser

from .chat_mind import ChatMind
from .ollama import Ollama, find_ollama
from .remark import Remark
from .server_ears import ServerEars
from .server_voice import ServerVoice
from .stage_request import StageClient
from .stage_server import FasterWhisper, StageName, StageServer, StageServers


class ChosenStages:
    """Servers for the stages that have one, and the engine's own for the rest. It belongs to the engine's event loop.

    A `mind` given here thinks instead of both.
    """

    def __init__(self, servers: StageServers, mind: Mind | None = None) -> None:
        self._servers = servers
        self._given_mind = mind
        self._http: httpx.AsyncClient | None = None
        self._ollama: Ollama | None = None
        model = servers.ears.model if isinstance(servers.ears, FasterWhisper) else ''
        self._own = SpeechProcess(whisper_model=model)

    async def start(self) -> Stages:
        """Start what has to run here, and find out what works."""
        own = self._own.start(
            ears=not isinstance(self._servers.ears, StageServer), voice=not isinstance(self._servers.voice, StageServer)
        )
        _, self._ollama = await asyncio.gather(own, self._look_for_ollama())
        return Stages(self._ears(), self._mind(), self._voice(), self._abilities())

    async def stop(self) -> None:
        """End it all. May be called more than once."""
        await self._own.stop()
        if self._http:
            await self._http.aclose()

    @property
    def news(self) -> list[Remark]:
        """What faster-whisper still waits for or why it does not work, and who could think."""
        news = [self._ollama.offer] if self._ollama else []
        if isinstance(self._servers.ears, FasterWhisper):
            news.append(Remark(self._own.loading or self._own.abilities.recogniser_problem))
        return [remark for remark in news if remark]

    async def _look_for_ollama(self) -> Ollama | None:
        """Who has chosen no mind is told of it, where it runs."""
        if self._given_mind or self._servers.mind:
            return None
        async with httpx.AsyncClient(trust_env=False, verify=False) as http:  # loading TLS would take 0.1 s
            return await find_ollama(http)

    def _ears(self) -> Recogniser:
        if isinstance(server := self._servers.ears, StageServer):
            return ServerEars(self._client('EARS', 'Speech recognition', server))
        return self._own

    def _mind(self) -> Mind:
        if self._given_mind:
            return self._given_mind
        server = self._servers.mind
        return ChatMind(server, self._shared_http()) if server else RehearsalMind()

    def _voice(self) -> Synthesiser:
        if server := self._servers.voice:
            return ServerVoice(self._client('VOICE', 'The voice', server), self._servers.voice_name)
        return self._own

    def _abilities(self) -> SpeechAbilities:
        """A server is trusted to work until it is asked: it may be started later than the engine."""
        abilities = self._own.abilities
        if isinstance(ears := self._servers.ears, StageServer):
            abilities = replace(abilities, recogniser=f'{ears.model} at {ears.host}', recogniser_problem='')
        if voice := self._servers.voice:
            abilities = replace(abilities, synthesiser=f'{voice.model} at {voice.host}', synthesiser_problem='')
        return abilities

    def _client(self, stage: StageName, what: str, server: StageServer) -> StageClient:
        return StageClient(stage, what, server, self._shared_http())

    def _shared_http(self) -> httpx.AsyncClient:
        """Made when it is first needed, as that takes 0.1 seconds."""
        self._http = self._http or _http_client()
        return self._http


def missing_packages(servers: StageServers) -> list[Remark]:
    """What the engine itself would do and cannot, a sentence each."""
    packages: list[Package] = []
    if not isinstance(servers.ears, StageServer):
        packages.append('faster_whisper' if servers.ears else 'pocketsphinx')
    if not servers.voice:
        packages.append('espeakng_loader')
    return [Remark(sentence, f'no_{package}') for package, sentence in missing_stages(packages).items()]


def _http_client() -> httpx.AsyncClient:
    """Servers on this machine are asked directly, even where the environment names a proxy."""
    return httpx.AsyncClient(mounts={f'all://{host}': None for host in ('localhost', '127.0.0.1', '[::1]')})
