"""Whatever the environment says, the program starts where it can, serves its page, and says goodbye."""

from pathlib import Path
from time import monotonic

import httpx
import pytest

from components.starting.greeting import GOODBYE
from tests.parley import Parley

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
    *said, ready, whom, goodbye = parley.output.splitlines()
    assert len(said) == len(sentences)
    assert all(sentence in line for sentence, line in zip(sentences, said, strict=True))
    assert ready.startswith(f'Parley is ready at {parley.url}')
    assert whom.startswith("You'll talk with ")
    assert goodbye == GOODBYE
