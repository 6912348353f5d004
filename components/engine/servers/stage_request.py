"""One question to another server that does a stage's work; what can go wrong with it is told in one sentence."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from components.engine.speech.speech_worker import SpeechError

from .stage_server import StageName, StageServer


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, in seconds."""

    connect: float = 5.0
    answer: float = 30.0  # for its first bytes, and for the next ones: many load their model with the first question


@dataclass(frozen=True)
class StageClient:
    """Asks the server of one stage. Closing or cancelling what is read ends the server's work at once.

    `what` names the stage in sentences, such as 'Speech recognition'.
    """

    stage: StageName
    what: str
    server: StageServer
    http: httpx.AsyncClient
    patience: Patience = Patience()

    @asynccontextmanager
    async def ask(self, path: str, **question: Any) -> AsyncIterator[httpx.Response]:
        """Post a question, and give the answer to be read while the context lasts. Raises SpeechError, here and there.

        `question` is httpx's: `json`, or `data` and `files`.
        """
        timeout = httpx.Timeout(self.patience.answer, connect=self.patience.connect)
        url = f'{self.server.url}/{path}'
        try:
            async with self.http.stream(
                'POST', url, headers=self.server.headers, timeout=timeout, **question
            ) as response:
                if response.status_code != httpx.codes.OK:
                    raise self.problem(await self._refusal(response))
                yield response
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise self.problem(f'cannot be reached: start that server, or correct {self._setting("URL")}') from None
        except httpx.TimeoutException:
            raise self.problem('takes too long: see what that server is busy with, and try again') from None
        except httpx.HTTPError:
            raise self.problem('broke off in the middle: see what that server reports, and try again') from None

    def problem(self, what: str) -> SpeechError:
        return SpeechError(f'{self.what} at {self.server.host} {what}.')

    def wrong_content(self, kind: str) -> SpeechError:
        """The answer is of another kind than asked for; `kind` is its content type."""
        kind = kind.partition(';')[0] or 'something unknown'
        return self.problem(
            f'answered with {kind} instead of {_CONTENT[self.stage]}: see whether {self._setting("URL")} is right'
        )

    async def _refusal(self, response: httpx.Response) -> str:
        body = b''
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _LONGEST_REFUSAL:
                break
        said = self._without_secrets(_message(body))
        detail = f'HTTP {response.status_code}{f", “{said}”" if said else ""}'
        match response.status_code:
            case 401 | 403:
                return f'does not accept the key ({detail}): correct {self._setting("KEY")}'
            case 429:
                return f'has too much to do ({detail}): try again later'
            case status if status < 400 or status in {404, 405}:
                return f'lacks what is asked for ({detail}): correct {self._setting("URL")} or {self._setting("MODEL")}'
            case status if status < 500:
                model = self._setting('MODEL') + (' or ENGINE_VOICE_NAME' if self.stage == 'VOICE' else '')
                return f'refuses the question ({detail}): see whether {model} is right'
        return f'failed ({detail}): see what that server reports, and try again'

    def _setting(self, part: str) -> str:
        return f'ENGINE_{self.stage}_{part}'

    def _without_secrets(self, text: str) -> str:
        if self.server.key:
            text = text.replace(self.server.key, '…')
        return re.sub(r'\b(sk|ek)[-_][\w*.-]+', r'\1-…', text)[:_LONGEST_DETAIL]


def _message(body: bytes) -> str:
    """What a server says of an error: `{"error": {"message": …}}` and its relatives; '' for anything else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ''
    for name in ('error', 'detail', 'message'):
        if isinstance(said, dict) and name in said:
            said = said[name]
    return ' '.join(said.split()).rstrip('.') if isinstance(said, str) else ''


_CONTENT: dict[StageName, str] = {'EARS': 'words', 'MIND': 'an answer', 'VOICE': 'PCM sound'}
_LONGEST_REFUSAL = 65_536  # bytes
_LONGEST_DETAIL = 200  # characters
