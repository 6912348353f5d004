"""The storage of a browser: field by field, as a whole, and nothing lost without a word."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from components.settings.browser_storage import BrowserStorage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'storage' / 'storage-user-1.json'


def opened(path: Path) -> BrowserStorage:
    """Open the storage, as each program does that runs on the same folder."""
    storage = BrowserStorage(path)
    storage.initialize_sync()
    return storage


def content(path: Path) -> Any:
    return json.loads(path.read_text(encoding='utf-8'))


def test_what_is_kept_is_found_again(path: Path) -> None:
    storage = opened(path)
    storage['settings'] = {'voice': 'cedar', 'speed': 1.2}
    storage['settings']['voice'] = 'marin'
    storage['language'] = 'ja'
    assert opened(path) == {'settings': {'voice': 'marin', 'speed': 1.2}, 'language': 'ja'}
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_page_that_only_looks_creates_no_file(path: Path) -> None:
    opened(path)
    assert not path.parent.exists()


def test_two_programs_change_different_fields(path: Path) -> None:
    one, other = opened(path), opened(path)
    one['settings'] = {'voice': 'cedar', 'speed': 1.0}
    other['settings'] = {'speed': 1.5}
    other['personas'] = {'own-1': {'name': 'Ada'}}
    one['language'] = 'ja'
    everything = {
        'settings': {'voice': 'cedar', 'speed': 1.5},
        'personas': {'own-1': {'name': 'Ada'}},
        'language': 'ja',
    }
    assert content(path) == everything
    assert one == everything, 'it has seen what the other program wrote'


def test_a_removed_field_is_removed_from_the_file(path: Path) -> None:
    one = opened(path)
    one['personas'] = {'own-1': {'name': 'Ada'}, 'own-2': {'name': 'Bob'}}
    other = opened(path)
    del one['personas']['own-1']
    other['language'] = 'ja'
    assert content(path) == {'personas': {'own-2': {'name': 'Bob'}}, 'language': 'ja'}


@pytest.mark.parametrize('damaged', [b'', b'{"settings": {"voice"', b'[]', b'"text"', b'\xff\xfe{', b'[' * 100_000])
def test_a_damaged_file_is_kept_aside(path: Path, damaged: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damaged)
    storage = opened(path)
    assert (storage, storage.damaged) == ({}, 'storage-user-1.json.damaged')
    storage['language'] = 'ja'
    assert content(path) == {'language': 'ja'}
    assert path.with_name(storage.damaged).read_bytes() == damaged


def test_a_second_damaged_file_does_not_replace_the_first(path: Path) -> None:
    path.parent.mkdir()
    for text in ('first', 'second'):
        path.write_text(text)
        opened(path)
    assert path.with_name('storage-user-1.json.damaged').read_text() == 'first'
    assert path.with_name('storage-user-1.json.damaged-2').read_text() == 'second'


@pytest.mark.parametrize('loss', ['missing', 'damaged'])
def test_a_file_that_is_lost_while_the_program_runs_is_written_again(path: Path, loss: str) -> None:
    storage = opened(path)
    storage['settings'] = {'voice': 'cedar'}
    path.unlink() if loss == 'missing' else path.write_text('{')
    storage['language'] = 'ja'
    assert content(path) == storage == {'settings': {'voice': 'cedar'}, 'language': 'ja'}


def test_what_cannot_be_kept_is_said_and_written_with_the_next_change(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = opened(path)
    storage['language'] = 'ja'
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, 'fsync', _no_space)
        storage['settings'] = {'voice': 'cedar'}
        assert storage.problem == 'No space left on device'
    assert storage['settings'] == {'voice': 'cedar'}
    assert content(path) == {'language': 'ja'}, 'the old file is complete'
    storage['off_the_record'] = True
    assert storage.problem == ''
    assert content(path) == {'language': 'ja', 'settings': {'voice': 'cedar'}, 'off_the_record': True}


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    storage = opened(tmp_path / 'file' / 'storage-user-1.json')
    storage['language'] = 'ja'
    assert storage.problem in {'File exists', 'Not a directory'}


def test_listeners_hear_of_every_change_and_problem(path: Path) -> None:
    storage = opened(path)
    heard: list[dict[str, Any]] = []
    stop = storage.subscribe(lambda: heard.append(dict(storage)))
    storage['language'] = 'ja'
    stop()
    storage['language'] = 'en-US'
    assert heard == [{'language': 'ja'}]


def _no_space(descriptor: int) -> None:
    raise OSError(28, 'No space left on device')
