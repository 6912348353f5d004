"""Notices of the engine are shown in the page's language; the English ones equal the engine's own."""

from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from components.engine import StageServers
from components.engine.local_mind.local_mind import SENTENCES, notice
from components.engine.local_mind.models import LocalModel
from components.engine.servers.missing_packages import missing_packages
from components.engine.servers.notice import Notice
from components.engine.servers.ollama import Ollama
from components.engine.servers.stage_server import FasterWhisper, StageServer
from components.engine.speech import missing
from components.engine.speech.synthesis import voices
from components.providers.engine.service import notice_text
from components.words.language import ENGLISH, LANGUAGES

WHISPER = FasterWhisper('base.en')
MODEL = LocalModel(Path('models', 'model.gguf'), 'Some model')
OPENAI = StageServer('https://api.openai.com/v1', 'gpt-4o-mini')
SERVER = StageServer('http://localhost:8000/v1', 'model')


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch) -> list[Notice]:
    """All that the engine may say."""

    def keep(*packages: str) -> None:
        for module in (missing, voices):
            monkeypatch.setattr(module, 'find_spec', lambda name: find_spec(name) if name in packages else None)

    notices = []
    for packages in ((), ('espeakng_loader',), ('hibari', 'onnxruntime')):
        keep(*packages)
        notices += list(_notices())
    return notices


def _notices() -> Iterator[Notice]:
    for servers in (StageServers(), StageServers(ears=WHISPER), StageServers(SERVER, SERVER, SERVER)):
        yield from missing_packages(servers)
        yield from servers.notes
    yield from StageServers(mind=SERVER).notes
    yield from StageServers(mind=MODEL).notes
    yield from (notice(MODEL, state) for state in SENTENCES)
    yield from StageServers(OPENAI, OPENAI, StageServer(OPENAI.url, 'tts-1')).ends(date(2027, 1, 1))
    yield from (Ollama(('llama3.2', 'qwen3')).offer, Ollama(()).offer)


def test_english_is_the_engines_own(notices: list[Notice]) -> None:
    assert [notice_text(notice, ENGLISH.text) for notice in notices] == notices


def test_every_notice_has_words_and_all_words_are_used(notices: list[Notice]) -> None:
    assert {notice.code for notice in notices} == set(ENGLISH.section('engine'))


def test_values_are_filled_in() -> None:
    assert notice_text(Ollama(('llama3.2',)).offer, LANGUAGES['ja'].text).startswith(
        'このPCでOllamaが動いています（モデル：llama3.2）'
    )


def test_a_notice_without_a_code_is_shown_unchanged() -> None:
    notice = Notice('The speech model is being fetched.')
    assert notice_text(notice, LANGUAGES['ja'].text) == 'The speech model is being fetched.'
