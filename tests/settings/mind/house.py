"""An engine's mind without an engine."""

from dataclasses import replace
from pathlib import Path

from components.engine.local_mind.library import Library, RememberedChoice
from components.engine.local_mind.models import ListedModel
from components.engine.servers.stage_server import MindChoice
from components.settings.mind.engine_mind import EngineMind, remembered_mind
from tests.engine.local_mind.hub import Hub


class FakeEngine:
    def __init__(self) -> None:
        self.mind: MindChoice = None

    async def choose_mind(self, choice: MindChoice) -> None:
        self.mind = choice


class House:
    """An engine's mind with a hub that offers a small model, and a list that also has a big one."""

    def __init__(self, folder: Path, hub: Hub, *, fixed: bool = False) -> None:
        self.model: ListedModel = hub.model()
        big = replace(self.model, id='big', name='Big', languages=(), memory_mb=9000)
        self.library = Library(folder / 'models', {'small': self.model, 'big': big})
        self.remembered = RememberedChoice(folder / 'mind.json')
        self.engine = FakeEngine()
        self.mind = EngineMind(self.engine, self.library, self.remembered, fixed=fixed)

    async def fetch(self) -> None:
        self.mind.fetch(self.model)
        assert self.library._task
        await self.library._task

    @property
    def next_start(self) -> MindChoice:
        return remembered_mind(self.library, self.remembered)
