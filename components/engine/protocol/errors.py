"""Errors between a client and the engine, in the words and shapes of the Realtime API."""

from .wire import JsonObject


class RealtimeError(Exception):
    """An error that is sent to the client: as a JSON body over HTTP, as an `error` event within a session.

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
        """Return the body of the HTTP response."""
        return {'error': self._details()}

    def event(self, cause: str | None = None) -> JsonObject:
        """Return the fields of the `error` event. `cause` is the `event_id` of the client event at fault."""
        return {'error': {**self._details(), 'event_id': cause}}

    def _details(self) -> JsonObject:
        return {'type': self.type, 'code': self.code, 'message': self.message, 'param': self.param}


def invalid_value(param: str, reason: str) -> RealtimeError:
    """Return the error for a value of the right type that cannot be used."""
    return RealtimeError(f"Invalid value for '{param}': {reason}", code='invalid_value', param=param)


def missing_parameter(param: str) -> RealtimeError:
    """Return the error for a required field that is absent."""
    return RealtimeError(f"Missing required parameter: '{param}'.", code='missing_required_parameter', param=param)


def unknown_parameter(param: str) -> RealtimeError:
    """Return the error for a field that the Realtime API does not have at this place."""
    return RealtimeError(f"Unknown parameter: '{param}'.", code='unknown_parameter', param=param)


def wrong_session_type(update: str, session: str) -> RealtimeError:
    """Return the error for an update of another type than the session's, which cannot change."""
    return RealtimeError(
        f'Passing a {update} session update event to a {session} session is not allowed.',
        code='invalid_parameter',
        param='session.type',
    )


def engine_stopped() -> RealtimeError:
    """Return the error for everything that needs a running engine."""
    return RealtimeError('The engine is not running.', code='engine_stopped', type='server_error', status=503)


def internal_error() -> RealtimeError:
    """Return the error for a fault of the engine itself. The details are only in the log."""
    return RealtimeError(
        'The engine had an error while processing your request.', code='internal_error', type='server_error', status=500
    )
