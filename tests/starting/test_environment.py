"""The environment at the start: the file `.env`, the folders, and what is said of them."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from components.starting import environment
from components.starting.environment import folder_problem, read_environment, read_text


@pytest.mark.parametrize(
    'data',
    [
        'KEY=1'.encode('utf-16'),
        'KEY=1'.encode('utf-16-le'),
        '# für\nKEY=1'.encode('latin-1'),
        b'KEY=1\0',
    ],
)
def test_a_file_that_is_not_utf_8_is_named_with_a_cure(tmp_path: Path, data: bytes) -> None:
    (tmp_path / '.env').write_bytes(data)
    with pytest.raises(ValueError, match=r"\.env: it isn't saved as UTF-8 text\. .* save it with the encoding UTF-8\."):
        read_text(tmp_path / '.env')


def test_a_file_with_a_byte_order_mark_is_text(tmp_path: Path) -> None:
    (tmp_path / '.env').write_text('KEY=ü', encoding='utf-8-sig')
    assert read_text(tmp_path / '.env') == 'KEY=ü'


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match='Is a directory'):
        read_text(tmp_path)


def test_the_variables_of_the_file_fill_in_for_missing_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / '.env').write_text('PARLEY_TEST_A=file\nPARLEY_TEST_B=file\nALL_PROXY=socks://proxy:1\n')
    monkeypatch.setattr(environment, 'find_dotenv', lambda: str(tmp_path / '.env'))
    monkeypatch.setattr(os, 'environ', os.environ.copy())
    for name in ('all_proxy', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'):
        os.environ.pop(name, None)
    os.environ['PARLEY_TEST_A'] = 'environment'
    proxies = read_environment(os.environ)
    assert (os.environ['PARLEY_TEST_A'], os.environ['PARLEY_TEST_B']) == ('environment', 'file')
    assert proxies.find('https://api.openai.com') == os.environ['ALL_PROXY'] == 'socks5h://proxy:1/'


def test_a_proxy_that_cannot_be_used_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, 'find_dotenv', lambda: '')
    environ = {'HTTPS_PROXY': 'http://proxy:port'}
    read_environment(environ)
    assert capsys.readouterr().err.startswith('HTTPS_PROXY must look like http://')
    assert environ == {}


def test_a_folder_that_can_be_used_has_no_problem(tmp_path: Path) -> None:
    assert folder_problem(tmp_path / 'a' / 'b', 'PARLEY_DATA') == ''
    assert [*(tmp_path / 'a' / 'b').iterdir()] == []


def test_a_folder_that_cannot_be_used_is_named_with_its_variable(tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    problem = folder_problem(tmp_path / 'file', 'PARLEY_DATA')
    assert problem.startswith(f"Parley can't write to the folder {tmp_path / 'file'}: File exists.")
    assert problem.endswith('name another folder with PARLEY_DATA.')


@pytest.mark.skipif(sys.platform != 'linux', reason='needs the device /dev/full')
def test_a_full_disk_is_noticed_by_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path('/dev/full').open('wb', buffering=0) as full:
        monkeypatch.setattr(tempfile, 'NamedTemporaryFile', lambda **_: full)
        assert 'No space left on device. It starts, but forgets' in folder_problem(tmp_path, 'PARLEY_DATA')
