"""The dashboard as a user first sees it, in the test's own process."""

import os
from pathlib import Path
from typing import Any

import pytest
from nicegui import Client, ElementFilter, app, ui
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.elements.query import QueryElement
from nicegui.testing import User, UserInteraction

from components.call.call import VoiceCall
from components.call.reports import Rung, RungState
from components.settings.browser_storage import BrowserStorage
from components.status.ladder import Ladder
from tests.settings.unfolding import unfold


async def test_the_page_opens_and_teaches(user: User) -> None:
    await user.open('/')
    await user.should_see('Talk with an AI, out loud.')
    await user.should_see('Press the round button')
    await user.should_see('Enter it in the settings, or put it into the file .env')
    with user:
        (ladder,) = ElementFilter(kind=Ladder)
    assert [(row.rung, row.state) for row in ladder.rows] == [
        (rung, RungState.WAITING) for rung in Rung if rung is not Rung.RELAY
    ]


async def test_an_unexpected_error_becomes_a_sentence_on_the_page(user: User, caplog: pytest.LogCaptureFixture) -> None:
    await user.open('/')
    user.find(VoiceCall).trigger('ticket', 'nothing that a browser would send')
    await user.should_see('Something went wrong in Parley.')
    assert [record.levelname for record in caplog.records] == ['ERROR']
    caplog.clear()  # the plugin would fail the test for it


async def test_the_page_has_no_timer_that_is_an_element(user: User) -> None:
    await user.open('/')
    with user:
        assert not [*ElementFilter(kind=ui.timer)], 'its begin and its end would render the whole page again'


async def test_the_page_has_one_main_and_one_heading_of_the_first_level(user: User) -> None:
    await user.open('/')
    with user:
        elements = [*ElementFilter()]
    assert not [element for element in elements if element.tag == 'main']  # Quasar's own page is the one
    assert [element.tag for element in elements].count('h1') == 1
    assert not [element for element in elements if str(element.props.get('aria-level')) == '1']


async def test_the_keyboard_can_skip_to_the_conversation(user: User) -> None:
    await user.open('/')
    with user:
        (link,) = ElementFilter(kind=ui.skip_link)
        (stage,) = [element for element in ElementFilter() if 'stage' in element.classes]
    assert (link.text, link.props['href']) == ('Skip to the conversation', f'#{stage.html_id}')


@pytest.fixture
def another_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure one more provider in the environment."""
    monkeypatch.setenv('PROVIDER_URL', 'http://localhost:8000/v1')
    monkeypatch.setenv('PROVIDER_MODEL', 'talker-7b, talker-70b')


async def test_a_provider_set_in_the_environment_answers(another_provider: None, user: User) -> None:
    await user.open('/')
    await user.should_see("You'll talk with localhost:8000. Calls go to localhost:8000, as set by PROVIDER_URL.")
    assert user.client
    model = control(user.client, 'model')
    assert isinstance(model, ui.select)
    assert (model.value, model.options) == ('talker-7b', {'talker-7b': 'talker-7b', 'talker-70b': 'talker-70b'})


@pytest.fixture
def damaged_history() -> None:
    """Put something that is no database where conversations are kept."""
    folder = Path(os.environ['PARLEY_DATA'])
    folder.mkdir()
    (folder / 'history.sqlite3').write_bytes(b'no database at all ' * 100)


async def test_a_damaged_database_is_announced_as_soon_as_the_page_opens(damaged_history: None, user: User) -> None:
    await user.open('/')
    await user.should_see('Not saved: the database is damaged.')


async def test_pages_of_one_browser_follow_each_other(user: User) -> None:
    first = await user.open('/')
    second = await user.open('/')
    choose(first, 'voice', 'cedar')
    choose(second, 'turn-detection', 'semantic_vad')
    assert (chosen(first, 'voice'), chosen(first, 'turn-detection')) == ('cedar', 'semantic_vad')
    assert (chosen(second, 'voice'), chosen(second, 'turn-detection')) == ('cedar', 'semantic_vad')
    third = await user.open('/')
    assert (chosen(third, 'voice'), chosen(third, 'turn-detection')) == ('cedar', 'semantic_vad')


async def test_what_cannot_be_kept_is_said_with_its_reason(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    page = await user.open('/')

    def read_only(*_: object) -> None:
        raise OSError(30, 'Read-only file system')

    monkeypatch.setattr(BrowserStorage, '_write', read_only)
    choose(page, 'voice', 'cedar')
    await user.should_see("This change couldn't be kept: Read-only file system.")
    assert chosen(page, 'voice') == 'cedar'


async def test_a_damaged_storage_is_said_and_kept_aside(user: User) -> None:
    page = await user.open('/')
    choose(page, 'voice', 'cedar')
    (file,) = app.storage._users.values()
    assert isinstance(file, BrowserStorage)
    await file.close()
    app.storage._users.clear()  # as after a restart
    file.path.write_text('{"settings": {"voice"')
    page = await user.open('/')
    await user.should_see("Your settings and personas couldn't be read")
    assert chosen(page, 'voice') == 'marin'
    aside = file.path.with_name(f'{file.path.name}.damaged')
    assert aside.read_text() == '{"settings": {"voice"'
    aside.unlink()  # NiceGUI's plugin expects only files of its own


def choose(page: Client, name: str, value: object) -> None:
    """Choose a value in a page's control of a setting."""
    with page:
        control(page, name).value = value


def chosen(page: Client, name: str) -> object:
    """Return what a page's control of a setting shows."""
    return control(page, name).value


def control(page: Client, name: str) -> ValueElement[Any]:
    """Find the control of a setting in a page."""
    unfold(page)
    with page:
        (found,) = [each for each in ElementFilter() if each.props.get('data-testid') == f'settings-{name}']
    assert isinstance(found, ValueElement)
    return found


async def test_theme_and_text_size_are_kept_for_the_browser(user: User) -> None:
    unfold(await user.open('/'))
    for test_id, choice in (('look-theme', 'Dark'), ('look-text-size', 'Larger')):
        with user:
            (select,) = [each for each in ElementFilter(kind=ui.select) if each.props.get('data-testid') == test_id]
        UserInteraction(user, {select}, None).click()
        UserInteraction(user, {select}, choice).click()
    assert user.client
    again = await user.open('/')
    unfold(again)
    for client in (user.client, again):
        with client:
            assert [dark.value for dark in ElementFilter(kind=ui.dark_mode)] == [True]
            (html,) = [each for each in ElementFilter(kind=QueryElement) if each.props['selector'] == 'html']
        assert html.props['style'] == {'font-size': '140%'}
    assert again.page.dark is True
