"""The addresses to which browsers send recordings, and from which they play and download them."""

from __future__ import annotations

import re

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from components.history.database import DatabaseProblem
from components.history.export.file_name import attachment, file_name
from components.history.history import History
from components.history.owner import HOST, owner_of

from .recording import Piece, Refusal

LARGEST_PIECE = 1024**2
"""Bytes; browsers send some 20 KB at a time."""
LONGEST = 7 * 24 * 3600
"""Seconds of a recording, a bound for what browsers say."""
ENDINGS = {'audio/webm': 'webm', 'audio/ogg': 'ogg', 'audio/mp4': 'm4a'}
"""Endings of file names by media types; no others are taken."""
ID = re.compile(r'[0-9a-f]{32}')
HEADERS = {'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff'}


class RecordingEndpoints:
    """Answers requests that add to recordings, play them, or save them. Only the host records.

    Args:
        history: Where recordings are kept.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self.routes = [
            Route('/c/{id}/recordings/{recording}/{number:int}', self._add, methods=['POST']),
            Route('/c/{id}/recordings/{recording}', self._send, methods=['GET']),
        ]

    async def _add(self, request: Request) -> Response:
        owner = owner_of(request.scope)
        if owner != HOST:
            return _refused(403, 'Only the host records.')
        try:
            await self._history.recordings.add(owner, await _piece(request))
        except Refusal as refusal:
            return _refused(refusal.status, str(refusal))
        except DatabaseProblem:
            return _refused(503, 'The database cannot be written at the moment.')
        except ClientDisconnect:
            return _refused(400, 'The piece did not arrive.')
        return Response(status_code=204, headers=HEADERS)

    async def _send(self, request: Request) -> Response:
        try:
            found = await self._history.recorded(owner_of(request.scope), request.path_params['id'])
        except DatabaseProblem:
            return _refused(503, 'The database cannot be read at the moment.')
        wanted = request.path_params['recording']
        recording = next((each for each in found.recordings if each.id == wanted), None) if found else None
        if not found or not recording or not (path := self._history.recordings.path(recording.id)).is_file():
            return _refused(404, 'There is no such recording.')
        headers = dict(HEADERS)
        if 'download' in request.query_params:
            title = f'{found.title} {request.query_params["download"][:20]}'
            headers['Content-Disposition'] = attachment(file_name(title, ENDINGS.get(recording.media_type, 'webm')))
        return FileResponse(path, headers=headers, media_type=recording.media_type)


async def _piece(request: Request) -> Piece:
    """Read a piece.

    Raises:
        Refusal: Something of it cannot be right.
    """
    media_type = request.headers.get('content-type', '').partition(';')[0].strip().lower()
    if media_type not in ENDINGS:
        raise Refusal(415, 'This is no recording.')
    if not ID.fullmatch(recording_id := request.path_params['recording']):
        raise Refusal(400, 'This is no id of a recording.')
    try:
        age, seconds = (float(request.query_params.get(name, '')) for name in ('age', 'seconds'))
    except ValueError:
        raise Refusal(400, 'Its time is missing.') from None
    if not 0 <= seconds <= age <= LONGEST:
        raise Refusal(400, 'Its time cannot be right.')
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST_PIECE:
            raise Refusal(413, 'The piece is too large.')
    return Piece(
        conversation_id=request.path_params['id'],
        recording_id=recording_id,
        number=request.path_params['number'],
        media_type=media_type,
        age=age,
        seconds=seconds,
        is_last='last' in request.query_params,
        data=bytes(data),
    )


def _refused(status: int, reason: str) -> Response:
    return PlainTextResponse(reason, status, HEADERS)
