"""Scripts and styles are compressed once."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from components.starting.compressed_assets import KEPT, CompressedAssets

SCRIPT = f'{KEPT[0]}script.js'


class Program:
    """Serves everything, and counts how often it was asked for what."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        app = Starlette(routes=[Route('/{path:path}', self.answer)])
        self.browser = TestClient(CompressedAssets(app))

    async def answer(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        await asyncio.sleep(0)
        if 'missing' in request.url.path:
            return PlainTextResponse('Nothing here. ' * 100, 404)
        return PlainTextResponse('let it = 1;\n' * 100, headers={'ETag': '"1"'})


def test_a_script_is_compressed_for_the_first_visitor_and_kept_for_the_others() -> None:
    program = Program()
    answers = [program.browser.get(SCRIPT) for _ in range(3)]

    assert program.asked == [SCRIPT]
    for answer in answers:
        assert answer.text == 'let it = 1;\n' * 100
        assert answer.headers['content-encoding'] == 'gzip'
        assert answer.headers['vary'] == 'Accept-Encoding'
        assert answer.headers == answers[0].headers


@pytest.mark.parametrize(
    ('path', 'headers'),
    [
        ('/', {}),
        (f'{KEPT[0]}missing.js', {}),
        (SCRIPT, {'Accept-Encoding': 'identity'}),
        (SCRIPT, {'Range': 'bytes=0-9'}),
        (SCRIPT, {'If-None-Match': '"1"'}),
    ],
)
def test_every_other_question_is_passed_on(path: str, headers: dict[str, str]) -> None:
    program = Program()
    program.browser.get(SCRIPT)
    for _ in range(2):
        program.browser.get(path, headers=headers)

    assert program.asked == [SCRIPT, path, path]
