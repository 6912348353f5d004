"""The program starts where it can, serves its page, and says goodbye, whatever the environment says."""

import re
from pathlib import Path
from time import monotonic

import httpx
import pytest

from components.starting.greeting import GOODBYE
from tests.parley import Parley
from tests.sharing.shared import SOCKET, Shared

KEY = {'OPENAI_API_KEY': 'sk-canary-0123456789'}


@pytest.mark.parametrize(
    ('environment', 'sentences'),
    [
        ({**KEY, 'ALL_PROXY': 'socks5://127.0.0.1:1', 'NO_PROXY': 'localhost,[::1],fe80::/10'}, []),
        ({**KEY, 'HTTPS_PROXY': 'http://proxy:port'}, ['HTTPS_PROXY must look like http://']),
        (
            {'PARLEY_DATA': 'README.md', 'NICEGUI_STORAGE_PATH': 'README.md'},
            ['another folder with PARLEY_DATA.', 'another folder with NICEGUI_STORAGE_PATH.'],
        ),
    ],
)
async def test_the_program_starts_and_ends_in_an_awkward_environment(
    environment: dict[str, str], sentences: list[str], tmp_path: Path
) -> None:
    parley = Parley(tmp_path, environment)
    await parley.start()
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(parley.url)).status_code == 200
        begin = monotonic()
        await parley.stop()
        assert monotonic() - begin < 5
    finally:
        await parley.kill()
    parley.assert_no_traceback()
    *said, goodbye = parley.output.splitlines()
    for sentence in (*sentences, f'Parley is ready at {parley.url}', "You'll talk with "):
        assert any(sentence in line for line in said), said
    assert goodbye == GOODBYE


async def test_the_program_serves_its_page_behind_a_proxy(tmp_path: Path) -> None:
    parley = Parley(tmp_path, arguments=['--behind-proxy', 'https://talk.example.org/voice'])
    await parley.start()
    try:
        async with httpx.AsyncClient(base_url=parley.url, trust_env=False) as nginx:
            nginx.headers['X-Forwarded-For'] = '203.0.113.7'  # as nginx is mostly told to say
            page = await nginx.get('/voice/')
            scripts = re.findall(r'"(?:dompurify|call)": ?"([^"]+)"', page.text)  # of NiceGUI, and of Parley
            assert len(scripts) == 2
            for script in scripts:
                assert script.startswith('/voice/_nicegui/')
                assert (await nginx.get(script)).status_code == 200
                assert (await nginx.get(script.removeprefix('/voice'))).status_code == 200
            assert 'wss://talk.example.org' in page.headers['Content-Security-Policy']
        through = Shared(parley, parley.url)
        assert await through.handshake(f'/voice{SOCKET}', Origin='https://talk.example.org') == 101
        assert await through.handshake(f'/voice{SOCKET}', Origin='https://evil.test') == 403
    finally:
        await parley.stop()
    assert 'Parley is ready at https://talk.example.org/voice/' in parley.output
    parley.assert_no_traceback()
