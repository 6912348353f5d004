"""What to tell the user when a mind on another server fails: the server, what is wrong with it, and what to do."""

import textwrap

from components.engine.minds.mind import MindError

from .stage_server import StageServer


class MindProblems:
    """Makes the errors about one server."""

    def __init__(self, server: StageServer) -> None:
        self._who = f'The mind at {server.host}'
        self._key = server.key

    def unreachable(self) -> MindError:
        return MindError(f'{self._who} cannot be reached. Start that server, or correct ENGINE_MIND_URL in .env.')

    def slow(self, seconds: float, *, begun: bool) -> MindError:
        if begun:
            return MindError(f'{self._who} fell silent for {seconds:g} seconds. {_ASK_AGAIN}')
        return MindError(
            f'{self._who} did not begin to answer within {seconds:g} seconds. '
            'Ask again, or choose a smaller model with ENGINE_MIND_MODEL in .env.'
        )

    def broken(self) -> MindError:
        return MindError(f'{self._who} broke off in the middle of its answer. {_ASK_AGAIN}')

    def not_understood(self) -> MindError:
        return MindError(
            f'{self._who} does not answer as the chat completions API has it. '
            'Check ENGINE_MIND_URL in .env: for most servers it ends with /v1.'
        )

    def refused(self, status: int, said: str) -> MindError:
        advice = _ADVICE.get(status) or ('Check ENGINE_MIND_MODEL in .env.' if status < 500 else _ASK_AGAIN)
        return MindError(f'{self._who} refused with status {status}{self._quoted(said)} {advice}')

    def failed(self, said: str) -> MindError:
        return MindError(f'{self._who} had an error{self._quoted(said)} {_ASK_AGAIN}')

    def unknown_function(self, name: str) -> MindError:
        return MindError(f'{self._who} wants to call a function that nobody offers{self._quoted(name)} {_ASK_AGAIN}')

    def _quoted(self, said: str) -> str:
        """What the server said, without the key, which some servers repeat."""
        if self._key:
            said = said.replace(self._key, '…')
        said = textwrap.shorten(said, _LONGEST, placeholder='…')
        return f': “{said}”.' if said else '.'


_ASK_AGAIN = 'Ask again; if that does not help, look at what that server has logged.'
_ADVICE = {
    401: 'Check ENGINE_MIND_KEY in .env.',
    403: 'Check ENGINE_MIND_KEY in .env.',
    404: 'Check ENGINE_MIND_URL, which for most servers ends with /v1, and ENGINE_MIND_MODEL in .env.',
    429: 'Wait a little, then ask again.',
}
_LONGEST = 300  # characters
