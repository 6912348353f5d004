"""The mind of the engine in this program as a text model."""

from __future__ import annotations

import asyncio

from components.engine.engine import Engine
from components.engine.protocol.errors import RealtimeError
from components.providers.error import ProviderError
from components.providers.text_writer import MOST_TOKENS, WRITING_TIMEOUT, TextWriter


def engine_writer(engine: Engine) -> TextWriter | None:
    """Return the engine's mind if it is a language model, on this computer or a server; None for the rules."""

    async def write(instructions: str, text: str) -> str:
        from components.engine.minds.mind import MindError  # the engine loads it, too

        try:
            async with asyncio.timeout(WRITING_TIMEOUT):
                return await engine.write(instructions, text, max_tokens=MOST_TOKENS)
        except TimeoutError:
            raise ProviderError('provider_timeout', f'No answer within {WRITING_TIMEOUT:g} s') from None
        except (MindError, RealtimeError) as error:
            raise ProviderError('provider_unreachable', str(error)) from None

    return TextWriter(write, answers_calls=True) if engine.mind else None
