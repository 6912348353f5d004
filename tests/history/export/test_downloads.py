"""Downloads: each visitor gets their own conversations as files, and nobody else's."""

import io
from urllib.parse import quote
from zipfile import ZipFile

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from components.history.export.conversation_file import read
from components.history.export.downloads import Downloads, archive_url, download_url
from components.history.kept import KeptConversations
from components.sharing.visitor import Guest, set_visitor
from components.words.language import LANGUAGES
from tests.history.conversations import answer, conversation, turn

ENGLISH = LANGUAGES['en-US']
MOON = conversation(turn('u1', 'What is this?', 1), answer('a1', 'The moon.', 3), title='Mond: "the/moon"')
GUEST = Guest('g1', 'Ada', 'iphone', '192.0.2.1', 0.0)


class AsGuest:
    """Lets every request come from one guest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        set_visitor(scope, GUEST)
        await self._app(scope, receive, send)


def client(history: KeptConversations, *, guest: bool = False) -> httpx.AsyncClient:
    app = Starlette(routes=Downloads(history).routes, middleware=[Middleware(AsGuest)] if guest else [])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://parley')


async def test_a_conversation_is_downloaded_under_its_title(history: KeptConversations) -> None:
    id = await history.import_conversation('host', MOON)
    async with client(history) as browser:
        found = await browser.get(download_url(id, 'md', ENGLISH))
    assert found.status_code == 200
    assert '# Mond: "the/moon"' in found.text
    assert found.headers['content-type'] == 'text/markdown; charset=utf-8'
    assert found.headers['cache-control'] == 'no-store'
    name = 'Mond the moon.md'
    assert found.headers['content-disposition'] == f'attachment; filename="{name}"; filename*=UTF-8\'\'{quote(name)}'


async def test_what_was_exported_can_be_imported_again(history: KeptConversations) -> None:
    id = await history.import_conversation('host', MOON)
    async with client(history) as browser:
        (again,) = read((await browser.get(download_url(id, 'json', ENGLISH))).content)
    assert (again.entry.title, again.turns) == (MOON.entry.title, MOON.turns)


async def test_the_texts_are_in_the_language_of_the_page(history: KeptConversations) -> None:
    id = await history.import_conversation('host', MOON)
    async with client(history) as browser:
        assert '你: What is this?' in (await browser.get(download_url(id, 'txt', LANGUAGES['zh-CN']))).text
        assert 'あなた: What' in (await browser.get(f'/c/{id}/export.txt', headers={'accept-language': 'ja'})).text


async def test_an_unknown_conversation_or_format_is_not_found(history: KeptConversations) -> None:
    id = await history.import_conversation('host', MOON)
    async with client(history) as browser:
        for path in (f'/c/{id}/export.exe', '/c/unknown/export.md', '/conversations.zip?format=exe'):
            assert (await browser.get(path)).status_code == 404


async def test_guests_get_their_own_conversations_only(history: KeptConversations) -> None:
    of_host = await history.import_conversation('host', MOON)
    of_guest = await history.import_conversation('guest:g1', conversation(turn('u1', 'Hi', 1), title='Mine'))
    async with client(history, guest=True) as browser:
        assert (await browser.get(download_url(of_host, 'md', ENGLISH))).status_code == 404
        assert (await browser.get(download_url(of_guest, 'md', ENGLISH))).status_code == 200
        with ZipFile(io.BytesIO((await browser.get(archive_url('txt', ENGLISH))).content)) as archive:
            assert [name.partition(' ')[2] for name in archive.namelist()] == ['Mine.txt']
    async with client(history) as browser:
        assert (await browser.get(download_url(of_guest, 'md', ENGLISH))).status_code == 404


async def test_all_are_downloaded_as_one_archive(history: KeptConversations) -> None:
    for title in ('Moon', 'Sun', 'moon'):
        await history.import_conversation('host', conversation(turn('u1', title, 1), title=title))
    async with client(history) as browser:
        found = await browser.get(archive_url('json', ENGLISH))
    assert found.headers['content-type'] == 'application/zip'
    assert found.headers['content-disposition'].startswith('attachment; filename="parley-')
    assert sorted(each.entry.title for each in read(found.content)) == ['Moon', 'Sun', 'moon']
