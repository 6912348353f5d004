"""Assets that browsers keep, whatever their cookies."""

import re

import httpx
import pytest

from components.starting.shared_assets import ASSETS
from tests.parley import Parley


@pytest.mark.asyncio(loop_scope='session')
async def test_assets_do_not_depend_on_the_session_but_pages_do(parley: Parley) -> None:
    async with httpx.AsyncClient(base_url=parley.url) as visitor:
        page = await visitor.get('/')
        assert 'Cookie' in page.headers['Vary']
        assert 'Set-Cookie' in page.headers
    paths = set(re.findall(rf'{ASSETS}(?:static/nicegui|joined/[^"]*)\.js', page.text))
    assert len(paths) == 2
    for path in paths:
        async with httpx.AsyncClient(base_url=parley.url) as stranger:
            asset = await stranger.get(path)
        assert 'immutable' in asset.headers['Cache-Control']
        assert asset.headers['Vary'] == 'Accept-Encoding'
        assert 'Set-Cookie' not in asset.headers
