"""The list of models, and which of them suits a computer."""

import re

import pytest

from components.engine.local_mind.machine import Machine
from components.engine.local_mind.models import MODELS


def test_each_model_can_be_fetched_and_checked() -> None:
    for model in MODELS.values():
        assert re.fullmatch(rf'https://huggingface\.co/{model.repository}/resolve/[0-9a-f]{{40}}/.+\.gguf', model.url)
        assert re.fullmatch(r'[0-9a-f]{64}', model.sha256)
        assert model.bytes / 1e6 < model.memory_mb < 5000
        assert model.page == f'https://huggingface.co/{model.repository}'
        assert model.host == 'huggingface.co'


@pytest.mark.parametrize(
    ('memory', 'cores', 'id'),
    [(None, 8, 'qwen3-1.7b'), (4, 8, 'qwen3-1.7b'), (64, 2, 'qwen3-1.7b'), (16, 8, 'qwen3-4b'), (6, 8, 'smollm3-3b')],
)
def test_the_recommended_model_suits_the_computer(memory: int | None, cores: int, id: str) -> None:
    assert Machine(memory and memory * 1_000_000_000, cores).recommended(MODELS.values()).id == id


def test_this_computer_has_at_least_a_core() -> None:
    assert Machine.this().cores >= 1
