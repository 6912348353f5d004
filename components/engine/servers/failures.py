"""Failures of a stage's server, each reported in one sentence that names the server and a next step."""

import logging
import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import openai

from components.engine.minds.mind import MindError
from components.engine.speech.speech_worker import SpeechError

from .client import AnswerTooLong
from .stage_server import StageName, StageServer

logger = logging.getLogger(__name__)


class Failures:
    """Makes the errors of one stage's server: `MindError` for the mind, `SpeechError` for ears and voice."""

    def __init__(self, stage: StageName, server: StageServer) -> None:
        self._stage = stage
        self._server = server

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the `openai` client raises in this context into the stage's own error."""
        try:
            yield
        except openai.APIStatusError as problem:
            raise self._refused(problem.status_code, _message(problem.body)) from None
        except openai.APIConnectionError as problem:
            raise self._disconnected(problem.__cause__) from None
        except httpx2.HTTPError as problem:  # while a body is streamed
            raise self._disconnected(problem) from None
        except openai.APIError as problem:
            raise self._error(f'reported an error{self._quoted(_message(problem.body))} {_TRY_AGAIN}') from None
        except (ValueError, RecursionError, AttributeError, TypeError, LookupError):  # it does not check what it gets
            logger.debug('An answer of %s could not be read', self._server.host, exc_info=True)
            raise self.wrong_content() from None

    def slow(self, what: str = 'took too long to answer') -> Exception:
        """The server was too slow: `what` says in which way."""
        way = 'on the page' if self._server.on_page else f'with {self._setting("MODEL")} in .env'
        return self._error(f'{what}. Try again, or choose a faster model {way}.')

    def broken(self) -> Exception:
        """The connection ended within an answer."""
        return self._error(f'broke off in the middle of its answer. {_TRY_AGAIN}')

    def wrong_content(self, kind: str = '') -> Exception:
        """The answer is something else than was asked for: `kind` is its content type, or names what it is."""
        kind = kind.partition(';')[0] or 'something else'
        advice = f'Check {self._setting("URL")} in .env: for most servers it ends with /v1.'
        if self._server.on_page:
            advice = 'Choose another mind on the page.'
        return self._error(f'answered with {kind} instead of {_CONTENT[self._stage]}. {advice}')

    def unknown_function(self, name: str) -> Exception:
        """The model calls a function that was not offered to it."""
        return self._error(f'called a function that does not exist{self._quoted(name)} {_TRY_AGAIN}')

    def _refused(self, status: int, said: str) -> Exception:
        url, model, key = (self._setting(part) for part in ('URL', 'MODEL', 'KEY'))
        match status:
            case status if status not in (429, *range(500, 600)) and self._server.on_page:
                advice = 'Choose another mind on the page.'
            case 401 | 403:
                advice = f'Check {key} in .env.'
            case 429:
                advice = 'Wait a little, then try again.'
            case status if status < 400 or status in (404, 405):
                advice = f'Check {url}, which for most servers ends with /v1, and {model} in .env.'
            case status if status < 500:
                advice = f'Check {model}{" and ENGINE_VOICE_NAME" if self._stage == "VOICE" else ""} in .env.'
            case _:
                advice = _TRY_AGAIN
        return self._error(f'refused with status {status}{self._quoted(said)} {advice}')

    def _disconnected(self, cause: BaseException | None) -> Exception:
        if isinstance(cause, AnswerTooLong):
            return self._error(f'sent an answer without end. {_TRY_AGAIN}')
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout):
            other = f'correct {self._setting("URL")} in .env'
            if self._server.on_page:
                other = 'choose another mind on the page'
            return self._error(f'cannot be reached. Start that server, or {other}.')
        return self.slow() if isinstance(cause, httpx2.TimeoutException) else self.broken()

    def _error(self, sentence: str) -> Exception:
        kind = MindError if self._stage == 'MIND' else SpeechError
        return kind(f'{_STAGE[self._stage]} at {self._server.host} {sentence}')

    def _setting(self, part: str) -> str:
        return f'ENGINE_{self._stage}_{part}'

    def _quoted(self, said: str) -> str:
        """The server's message, without keys, which some servers repeat."""
        if self._server.key:
            said = said.replace(self._server.key, '…')
        said = re.sub(r'\b(sk|ek)[-_][\w*.-]+', r'\1-…', said)
        said = textwrap.shorten(said, _LONGEST_QUOTE, placeholder='…').rstrip('.')
        return f': “{said}”.' if said else '.'


def _message(body: object) -> str:
    """The sentence in the body of an error: `{"error": {"message": …}}` and its relatives, or plain text."""
    for name in ('error', 'detail', 'message'):
        if isinstance(body, dict) and name in body:
            body = body[name]
    return body if isinstance(body, str) and not body.startswith('<') else ''


_STAGE: dict[StageName, str] = {'EARS': 'Speech recognition', 'MIND': 'The mind', 'VOICE': 'The voice'}
_CONTENT: dict[StageName, str] = {'EARS': 'words', 'MIND': 'a chat completion', 'VOICE': 'PCM sound'}
_TRY_AGAIN = 'Try again; if that does not help, look at the log of that server.'
_LONGEST_QUOTE = 200  # characters
