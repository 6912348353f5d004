"""The addresses from which conversations are downloaded. Each visitor gets only their own."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import IO

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from components.history.kept import KeptConversations
from components.history.owner import owner_of
from components.words.language import LANGUAGES, Language, preferred

from .file_name import attachment, file_name

HEADERS = {'Cache-Control': 'no-store'}


def download_url(conversation_id: str, ending: str, language: Language) -> str:
    """Return the address of one conversation in a format, with its texts in a language."""
    return f'/c/{conversation_id}/export.{ending}?language={language.code}'


def archive_url(ending: str, language: Language) -> str:
    """Return the address of an archive of all conversations."""
    return f'/conversations.zip?format={ending}&language={language.code}'


class Downloads:
    """Answers requests for files.

    Args:
        history: Where the conversations are.
    """

    def __init__(self, history: KeptConversations) -> None:
        self._history = history
        self.routes = [
            Route('/c/{id}/export.{ending}', self._one, methods=['GET']),
            Route('/conversations.zip', self._all, methods=['GET']),
        ]

    async def _one(self, request: Request) -> Response:
        from .formats import FORMATS  # here and below: what few use need not load with the program

        format = FORMATS.get(ending := request.path_params['ending'])
        conversation = await self._history.load(owner_of(request.scope), request.path_params['id']) if format else None
        if format is None or conversation is None:
            return PlainTextResponse('There is no such conversation or format.', 404, HEADERS)
        text = await asyncio.to_thread(format.write, conversation, _language(request).text)
        headers = {**HEADERS, 'Content-Disposition': attachment(file_name(conversation.entry.title, ending))}
        return Response(text.encode(), 200, headers, f'{format.media_type}; charset=utf-8')

    async def _all(self, request: Request) -> Response:
        from .formats import FORMATS

        ending = request.query_params.get('format', 'json')
        if ending not in FORMATS:
            return PlainTextResponse('There is no such format.', 404, HEADERS)
        with tempfile.NamedTemporaryFile(prefix='parley-', suffix='.zip', delete=False) as file, ExitStack() as failing:
            path = Path(file.name)
            failing.callback(path.unlink)
            await self._pack(file, owner_of(request.scope), ending, _language(request))
            failing.pop_all()
        name = f'parley-{date.today():%Y-%m-%d}.zip'
        return FileResponse(path, 200, HEADERS, 'application/zip', BackgroundTask(path.unlink), filename=name)

    async def _pack(self, file: IO[bytes], owner: str, ending: str, language: Language) -> None:
        from .archive import Archive

        archive = Archive(file, ending, language.text)
        async for conversation in self._history.everything(owner):
            await asyncio.to_thread(archive.add, conversation)
        archive.close()


def _language(request: Request) -> Language:
    chosen = LANGUAGES.get(request.query_params.get('language', ''))
    return chosen or preferred(request.headers.get('accept-language', ''))
