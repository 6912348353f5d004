"""Errors have pages in Parley's look and words."""

import pytest
from nicegui import ui
from nicegui.testing import User

from components.page.error_page import declare_error_pages
from components.words.language import ENGLISH

pytestmark = pytest.mark.nicegui_main_file('')


async def test_an_unknown_address_leads_back_to_parley(user: User) -> None:
    declare_error_pages()
    answer = await user.http_client.get('/nothing', headers={'Accept-Language': 'ja'})
    assert answer.status_code == 404
    assert 'このページはありません' in answer.text


async def test_a_page_that_cannot_be_built_says_so_without_the_error(
    user: User, caplog: pytest.LogCaptureFixture
) -> None:
    declare_error_pages()

    @ui.page('/broken')
    def broken() -> None:
        raise ValueError('a secret')

    answer = await user.http_client.get('/broken')
    assert answer.status_code == 500
    assert ENGLISH.text('page.errors.failed.title') in answer.text
    assert 'a secret' not in answer.text
    assert 'a secret' in caplog.text
    caplog.clear()  # NiceGUI's fixture wants no errors in the log
