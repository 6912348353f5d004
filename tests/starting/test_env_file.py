"""The file `.env` keeps a key, and everything else that stands in it."""

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values

from components.starting import env_file
from components.starting.env_file import EnvFile

KEY = 'sk-proj-CANARY_canary-0123456789'
BEFORE = '# my keys\n\nOPENAI_API_KEY=old  # of the other account\nexport OTHER="a\nb"\n\n# VLLM_URL=x\nLAST=1'


@pytest.fixture
def file(tmp_path: Path) -> EnvFile:
    return EnvFile(tmp_path / '.env')


def test_a_new_file_belongs_to_its_owner_alone(file: EnvFile) -> None:
    file.keep('OPENAI_API_KEY', KEY)
    assert file.path.read_text() == f'OPENAI_API_KEY={KEY}\n'
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [*file.path.parent.iterdir()] == [file.path], 'no draft is left'


def test_a_key_takes_the_place_of_the_former_one(file: EnvFile) -> None:
    file.path.write_text(BEFORE)
    file.path.chmod(0o644)
    file.keep('OPENAI_API_KEY', KEY)
    assert file.path.read_text() == BEFORE.replace(
        'OPENAI_API_KEY=old  # of the other account', f'OPENAI_API_KEY={KEY}'
    )
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_new_variable_comes_last(file: EnvFile) -> None:
    file.path.write_text(BEFORE)
    file.keep('XAI_API_KEY', KEY)
    assert file.path.read_text() == f'{BEFORE}\nXAI_API_KEY={KEY}\n'


def test_one_definition_is_left_of_several(file: EnvFile) -> None:
    file.path.write_bytes(b'A=1\r\nKEY=2\r\nB=3\r\nKEY=4\r\n')
    file.keep('KEY', KEY)
    assert file.path.read_bytes() == f'A=1\r\nKEY={KEY}\nB=3\r\n'.encode()


@pytest.mark.parametrize('value', ['a#b', "a'b", 'a=b', 'a\\b'])
def test_every_value_is_read_as_it_was_kept(file: EnvFile, value: str) -> None:
    file.keep('KEY', value)
    assert dotenv_values(file.path) == {'KEY': value}


def test_a_value_that_would_be_read_otherwise_is_refused_unseen(file: EnvFile) -> None:
    file.path.write_text(BEFORE)
    with pytest.raises(ValueError, match=r"\.env can't hold this value of KEY\.") as refusal:
        file.keep('KEY', '${HOME}canary')
    assert 'canary' not in str(refusal.value)
    assert file.path.read_text() == BEFORE


def test_a_file_that_is_not_text_is_left_alone(file: EnvFile) -> None:
    file.path.write_bytes(b'\xff\xfeK')
    with pytest.raises(ValueError, match="isn't saved as UTF-8 text"):
        file.keep('KEY', KEY)
    assert file.path.read_bytes() == b'\xff\xfeK'


def test_a_linked_file_stays_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'elsewhere').write_text('A=1\n')
    (tmp_path / '.env').symlink_to(tmp_path / 'elsewhere')
    monkeypatch.setattr(env_file, 'find_dotenv', lambda: str(tmp_path / '.env'))
    EnvFile.find({}).keep('KEY', KEY)
    assert (tmp_path / '.env').is_symlink()
    assert (tmp_path / 'elsewhere').read_text() == f'A=1\nKEY={KEY}\n'


def test_variables_of_the_system_have_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env_file, 'find_dotenv', lambda: '')
    found = EnvFile.find({'OPENAI_API_KEY': ''})
    assert (found.path.name, found.overriding) == ('.env', frozenset({'OPENAI_API_KEY'}))
    assert (found.path.parent / 'main.py').exists()
