"""A page with the offer of a mind and its sheet, for a hub that `/hub` steers. `/guest` is a guest's page."""

import asyncio
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from nicegui import app, ui

from components.engine.local_mind.library import RememberedChoice
from components.engine.servers.ollama import Ollama
from components.settings.mind.engine_mind import EngineMind
from components.settings.mind.offer import MindOffer, MindRow
from components.settings.mind.sheet import MindSheet
from tests.engine.local_mind.hub import Hub
from tests.parley import ROOT
from tests.settings.mind.house import FakeEngine, House
from tests.widget_page import serve

FOLDER = TemporaryDirectory()
HUB = Hub()
HOUSES: list[House] = []

for name in ('page', 'sheets', 'settings/mind'):
    ui.add_css(ROOT / 'assets' / 'styles' / f'{name}.css', shared=True)


@app.on_startup
async def open_hub() -> None:
    server = await asyncio.start_server(HUB.handle, '127.0.0.1', 0)
    HUB.url = f'http://127.0.0.1:{server.sockets[0].getsockname()[1]}/nobody/small/resolve/main/small.gguf'
    HOUSES.append(House(Path(FOLDER.name), HUB))


@ui.page('/')
def page() -> None:
    mind = HOUSES[0].mind
    sheet = MindSheet(mind)
    MindOffer(mind, lambda: sheet, lambda: True)
    MindRow(mind, lambda: sheet, lambda: True)


@ui.page('/guest')
def guest() -> None:
    MindOffer(HOUSES[0].mind, None, lambda: True)


class OllamaRuns(EngineMind):
    async def find_ollama(self) -> Ollama:
        return Ollama(('llama3.2:latest', 'qwen3:4b'))


@ui.page('/ollama')
def ollama() -> None:
    house = HOUSES[0]
    mind = OllamaRuns(FakeEngine(), house.library, RememberedChoice(Path(FOLDER.name, 'other.json')), fixed=False)
    MindRow(mind, partial(MindSheet, mind), lambda: True)


@app.post('/hub')
def steer(changes: dict[str, int | None]) -> None:
    for name, value in changes.items():
        setattr(HUB, name, value)


if __name__ == '__main__':
    serve()
