"""The mind that the owner of an engine has chosen, which may change while the engine runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from components.engine.local_mind.local_mind import LocalMind
from components.engine.local_mind.models import LocalModel
from components.engine.minds.mind import Mind, Piece, PreparableMind, Prompt, QuickMind
from components.engine.minds.reasoning import Reasoning
from components.engine.minds.rehearsal_mind import RehearsalMind

from .notice import Notice
from .stage_server import MindChoice

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class ChosenMind:
    """Passes prompts to the mind of the current choice. It belongs to the engine's event loop.

    An answer that has begun is finished by the mind it began with, which is then closed.

    Attributes:
        choice: A server, a local model, or None for the engine's rules.
    """

    def __init__(self, choice: MindChoice, given: Mind | None = None) -> None:
        self.choice = choice
        self._given = given
        self._current = _Chosen(None, given) if given else _open(choice)
        self._closing: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Let a local model load already."""
        if isinstance(mind := self._current.mind, LocalMind):
            mind.start()

    def choose(self, choice: MindChoice) -> None:
        """Let the next answers come from this mind. A mind that the program has given stays."""
        if self._given:
            return
        former, self._current, self.choice = self._current, _open(choice), choice
        closing = asyncio.create_task(former.close(), name='close former mind')
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        self.start()

    async def stop(self) -> None:
        """Close the minds. Stopping twice does no harm."""
        for closing in list(self._closing):
            closing.cancel()
            with suppress(asyncio.CancelledError):
                await closing
        await self._current.close(wait=False)

    @property
    def notice(self) -> Notice | None:
        """The news about a local model, for the user."""
        mind = self._current.mind
        return mind.notice if isinstance(mind, LocalMind) else None

    def prepare(self, prompt: Prompt) -> None:
        """Let the mind work ahead if it can."""
        if isinstance(mind := self._current.mind, PreparableMind):
            mind.prepare(prompt)

    def draft(self, prompt: Prompt) -> AsyncGenerator[Piece, None] | None:
        """Answer by the engine's rules if they are the choice."""
        mind = self._current.mind
        return mind.draft(prompt) if isinstance(mind, QuickMind) else None

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Answer as `Mind.answer` describes, without the reasoning that the mind writes into its answers."""
        reasoning = self._current.reasoning
        with self._current as mind:
            async with aclosing(reasoning.left_out(mind.answer(prompt))) as pieces:
                async for piece in pieces:
                    yield piece


class _Chosen:
    """A mind and the answers that it is giving."""

    def __init__(self, client: AsyncOpenAI | None, mind: Mind) -> None:
        self.mind = mind
        self.reasoning = Reasoning()
        self._client = client
        self._answers = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> Mind:
        self._answers += 1
        self._idle.clear()
        return self.mind

    def __exit__(self, *_: object) -> None:
        self._answers -= 1
        if not self._answers:
            self._idle.set()

    async def close(self, *, wait: bool = True) -> None:
        """Free what the mind uses, after its answers are finished unless told not to `wait`."""
        try:
            if wait:
                await self._idle.wait()
        finally:
            if isinstance(self.mind, LocalMind):
                await self.mind.stop()
            if self._client:
                await self._client.close()


def _open(choice: MindChoice) -> _Chosen:
    if choice is None:
        return _Chosen(None, RehearsalMind())
    if isinstance(choice, LocalModel):
        return _Chosen(None, LocalMind(choice))
    from .chat_mind import ChatMind  # imports openai, as does the client
    from .client import open_client

    client = open_client(choice)
    return _Chosen(client, ChatMind(choice, client))
