"""The stages of an engine, as its owner has chosen them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx

from components.engine.minds.mind import Mind
from components.engine.speech.missing import package_of
from components.engine.speech.speech_process import SpeechAbilities, SpeechProcess
from components.engine.stages import Recogniser, Stages, Synthesiser

from .chosen_mind import ChosenMind
from .notice import Notice
from .ollama import Ollama, find_ollama
from .stage_server import FasterWhisper, StageServer, StageServers

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class ChosenStages:
    """Servers for the stages that have one, and the engine's own parts for the rest.

    It belongs to the engine's event loop. A `mind` that is given here takes the place of both.
    """

    def __init__(self, servers: StageServers, mind: Mind | None = None) -> None:
        self._servers = servers
        self._given_mind = mind
        self._clients: list[AsyncOpenAI] = []
        self._ollama: Ollama | None = None
        self._own = SpeechProcess(whisper_model=servers.ears.model if isinstance(servers.ears, FasterWhisper) else '')
        self._ears, self._voice = self._choose_ears(), self._choose_voice()
        self.mind = ChosenMind(servers.mind, mind)

    async def start(self) -> Stages:
        """Start the engine's own parts, and find out what works."""
        self.mind.start()
        own = self._own.start(ears=self._ears is self._own, voice=self._voice is self._own)
        _, self._ollama = await asyncio.gather(own, self._look_for_ollama())
        speaks_ahead = self._voice is self._own
        return Stages(self._ears, self.mind, self._voice, self._abilities(), speaks_ahead=speaks_ahead)

    async def stop(self) -> None:
        """Stop them and close all connections. Stopping twice does no harm."""
        await asyncio.gather(self._own.stop(), self.mind.stop())
        for client in self._clients:
            await client.close()

    @property
    def news(self) -> list[Notice]:
        """Notices about models that are loading or do not work, voices that do not work, and an offer of Ollama."""
        news = [self._ollama.offer] if self._ollama and not self.mind.choice else []
        if notice := self.mind.notice:
            news.append(notice)
        if isinstance(self._servers.ears, FasterWhisper):
            news.append(Notice(self._own.loading or self._own.abilities.recogniser_problem))
        voices = self._own.abilities
        if self._voice is self._own and voices.synthesiser and voices.synthesiser_problem:
            news.append(Notice(voices.synthesiser_problem, f'no_{package_of(voices.synthesiser_problem)}'))
        return [notice for notice in news if notice]

    async def _look_for_ollama(self) -> Ollama | None:
        """Look for Ollama if no mind is configured."""
        if self._given_mind or self._servers.mind:
            return None
        async with httpx.AsyncClient(trust_env=False, verify=False) as http:  # loading TLS would take 0.1 s
            return await find_ollama(http)

    def _choose_ears(self) -> Recogniser:
        if not isinstance(server := self._servers.ears, StageServer):
            return self._own
        from .server_ears import ServerEars  # imports openai, as do the next one and the client

        return ServerEars(server, self._client(server))

    def _choose_voice(self) -> Synthesiser:
        if not (server := self._servers.voice):
            return self._own
        from .server_voice import ServerVoice

        return ServerVoice(server, self._client(server), self._servers.voice_name)

    def _abilities(self) -> SpeechAbilities:
        """Return what ears and voice can do. A server counts as working, since it may be started after the engine."""
        abilities = self._own.abilities
        if isinstance(ears := self._servers.ears, StageServer):
            abilities = replace(abilities, recogniser=f'{ears.model} at {ears.host}', recogniser_problem='')
        if voice := self._servers.voice:
            abilities = replace(abilities, synthesiser=f'{voice.model} at {voice.host}', synthesiser_problem='')
        return abilities

    def _client(self, server: StageServer) -> AsyncOpenAI:
        from .client import open_client

        self._clients.append(open_client(server))
        return self._clients[-1]
