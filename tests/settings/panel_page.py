"""A page that contains only a settings panel; `/changes` returns the changes that it reported."""

from nicegui import app, ui

from components.providers.providers import Providers
from components.settings.key.keys import ProviderKeys
from components.settings.panel import SettingsPanel
from components.settings.personas.personas import Personas
from components.settings.settings import Settings
from components.words.page import words
from tests.settings.key.test_keys import Drawer, Service
from tests.settings.key.test_keys import providers as offered
from tests.widget_page import serve

changes: list[Settings] = []


async def no_engine(*_: object) -> None:
    raise NotImplementedError


@ui.page('/')
def page() -> None:
    changes.clear()
    providers = Providers.from_environment({'OPENAI_API_KEY': 'sk-for-looks-only'}, no_engine)
    SettingsPanel(Settings(), providers.introductions(words), Personas(), changes.append)


@ui.page('/keyless')
def keyless() -> None:
    providers = offered(Service())
    keys = ProviderKeys(providers, Drawer())
    panel = SettingsPanel(providers.restore({}), providers.introductions(words), Personas(), changes.append, keys=keys)
    keys.changed.subscribe(lambda: panel.describe(providers.introductions(words)))


@app.get('/changes')
def reported() -> list[dict[str, str | bool | float]]:
    return [settings.to_storage() for settings in changes]


if __name__ == '__main__':
    serve()
