"""What goes wrong between a client and the engine, in the words and shapes of the Realtime API."""

from .wire import JsonObject


class RealtimeError(Exception):
    """A refusal that the client is told: as a JSON body over HTTP, as an `error` event within a session.

    `status` is the HTTP status; `param` names the field at fault, as in `session.audio.output.voice`.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        param: str | None = None,
        type: str = 'invalid_request_error',
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.type = type
        self.status = status

    def body(self) -> JsonObject:
        """The body of the HTTP answer."""
        return {'error': self._details()}

    def event(self, cause: str | None = None) -> JsonObject:
        """The fields of the `error` event. `cause` is the `event_id` of the client's event at fault."""
        return {'error': {**self._details(), 'event_id': cause}}

    def _details(self) -> JsonObject:
        return {'type': self.type, 'code': self.code, 'message': self.message, 'param': self.param}


def wrong_session_type(update: str, session: str, *, param: str) -> RealtimeError:
    """A session keeps the type that it began with."""
    return RealtimeError(
        f'Passing a {update} session update event to a {session} session is not allowed.',
        code='invalid_parameter',
        param=param,
    )


def internal_error() -> RealtimeError:
    """What the client is told when the engine itself is at fault. The log knows more."""
    return RealtimeError(
        'The engine had an error while processing your request.', code='internal_error', type='server_error', status=500
    )
