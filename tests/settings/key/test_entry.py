"""Where the host may enter a key, and what the page says of it."""

import asyncio

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing import User
from starlette.applications import Starlette

from components.providers.providers import Providers
from components.settings.key.entry import KeyEntry, may_enter_keys
from components.settings.key.keys import ProviderKeys
from components.settings.panel import SettingsPanel
from components.settings.personas.personas import Personas
from components.settings.settings import Settings
from components.words.page import declare_language, words
from tests.providers.answering import KEY

from .test_keys import Drawer, Service, providers

pytestmark = pytest.mark.nicegui_main_file('')


@pytest.mark.parametrize(
    ('scheme', 'host', 'may'),
    [
        ('http', 'localhost:8080', True),
        ('http', '127.0.0.1:8080', True),
        ('http', '[::1]:8080', True),
        ('https', 'talk.example.org', True),
        ('http', 'talk.example.org', False),
        ('http', '192.168.1.5:8080', False),
        ('http', 'localhost.example.org', False),
    ],
)
def test_keys_are_only_entered_where_nobody_reads_along(scheme: str, host: str, may: bool) -> None:
    scope = {'type': 'http', 'scheme': scheme, 'headers': [(b'host', host.encode())]}
    assert may_enter_keys(scope) == may


async def answered(entry: KeyEntry, count: int) -> None:
    """Let the tasks of the page run until a key has been tried."""
    for _ in range(1000):
        if entry.props['outcome'].get('count') == count:
            return
        await asyncio.sleep(0)


async def open_panel(user: User, offered: Providers, keys: ProviderKeys | None) -> list[Settings]:
    changes: list[Settings] = []

    @ui.page('/')
    def page() -> None:
        declare_language('en-US')
        settings = offered.restore({})
        panel = SettingsPanel(settings, offered.introductions(words), Personas(), changes.append, keys=keys)
        if keys:
            keys.changed.subscribe(lambda: panel.describe(offered.introductions(words)))

    await user.open('/')
    return changes


async def test_a_key_that_works_chooses_its_provider(user: User) -> None:
    offered = providers(Service())
    changes = await open_panel(user, offered, ProviderKeys(offered, Drawer()))
    with user:
        (entry,) = ElementFilter(kind=KeyEntry)
        (choice,) = [each for each in ElementFilter(kind=ui.select) if 'provider' in str(each.props.get('data-testid'))]
    assert (entry.props['present'], [*choice.options]) == (False, ['engine'])
    user.find(KeyEntry).trigger('save', {'key': 'sk-wrong', 'keep': True, 'count': 1})
    await answered(entry, 1)
    sentence = "The voice service doesn't accept this key. Check that you copied all of it."
    assert entry.props['outcome'] == {'works': False, 'sentence': sentence, 'count': 1}
    user.find(KeyEntry).trigger('save', {'key': KEY, 'keep': True, 'count': 2})
    await user.should_see('Calls are billed to your key.')
    assert entry.props['outcome']['sentence'] == 'The key works, and is kept in the file .env.'
    assert (entry.props['present'], choice.value, [*choice.options]) == (True, 'openai', ['openai', 'engine'])
    assert [settings.provider for settings in changes] == ['openai']
    with user:
        assert KEY not in repr([element.props for element in ElementFilter()]), 'no browser gets it back'


async def test_without_the_right_to_enter_keys_there_is_no_field(user: User) -> None:
    await open_panel(user, Providers.from_environment({}, Starlette()), None)
    with user:
        assert not [*ElementFilter(kind=KeyEntry)]


async def test_a_guest_sees_only_what_answers_and_nothing_about_the_hosts_files() -> None:
    text = {}

    def words_of(key: str, **_: object) -> str:
        text[key] = key
        return key

    offered = Providers.from_environment({}, Starlette())
    (engine,) = offered.introductions(words_of, for_guest=True)
    assert engine.kind == 'engine'
    hint = offered.hint(Settings(provider='engine').fitted(), words_of, for_guest=True)
    assert hint == 'providers.answerer'
    assert {*text} == {'providers.answerer', 'providers.engine.label', 'providers.engine.of_host'}
