"""The choice of the engine's mind: what is fetched is used at once, and remembered."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from components.engine.servers.ollama import URL
from components.engine.servers.stage_server import StageServer
from tests.engine.local_mind.hub import Hub, serving

from .house import House


@pytest_asyncio.fixture
async def hub() -> AsyncIterator[Hub]:
    async with serving() as hub:
        yield hub


@pytest.fixture
def house(hub: Hub, tmp_path: Path) -> House:
    return House(tmp_path, hub)


async def test_a_fetched_model_answers_now_and_after_the_next_start(house: House) -> None:
    assert house.mind.is_missing
    assert house.next_start is None
    await house.fetch()
    assert house.engine.mind == house.next_start == house.library.local(house.model)
    assert house.mind.listed == house.model
    assert not house.mind.is_missing


async def test_the_rules_come_back_when_the_model_is_removed(house: House) -> None:
    await house.fetch()
    await house.mind.remove(house.model)
    assert house.engine.mind is None
    assert house.next_start is None
    assert house.mind.is_missing
    assert [*house.library.folder.iterdir()] == []


async def test_a_file_that_was_deleted_by_hand_is_not_chosen_again(house: House) -> None:
    await house.fetch()
    house.library.file(house.model).unlink()
    assert house.mind.is_missing
    assert house.next_start is None


async def test_ollama_can_be_chosen_without_a_restart(house: House) -> None:
    await house.mind.use_ollama('llama3.2')
    assert house.engine.mind == house.next_start == StageServer(URL, 'llama3.2')
    await house.mind.use_rules()
    assert house.next_start is None


async def test_the_choice_of_the_environment_comes_back_at_the_next_start(hub: Hub, tmp_path: Path) -> None:
    house = House(tmp_path, hub, fixed=True)
    await house.fetch()
    assert house.engine.mind == house.library.local(house.model)
    assert house.next_start is None


@pytest.mark.parametrize('kept', ['', '[]', '{"model": "unknown"}', '{"model": 7}', '\x00'])
def test_a_damaged_memory_chooses_nothing(house: House, tmp_path: Path, kept: str) -> None:
    (tmp_path / 'mind.json').write_text(kept)
    assert house.next_start is None


async def test_closing_stops_a_fetch(house: House, hub: Hub) -> None:
    hub.hold_at = 10
    house.mind.fetch(house.model)
    assert house.library.fetching is None or house.library.fetching.model == house.model
    await house.mind.close()
    assert house.library.fetching is None
    assert house.engine.mind is None
