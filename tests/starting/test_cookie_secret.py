"""The secret behind the cookies outlives a restart."""

from pathlib import Path

import pytest

from components.starting.cookie_secret import cookie_secret


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / 'data'
    made = cookie_secret(folder)
    assert cookie_secret(folder) == made
    assert len(made) >= 32
    assert (folder / 'cookie-secret').stat().st_mode & 0o777 == 0o600


def test_an_empty_secret_of_an_interrupted_start_is_replaced(tmp_path: Path) -> None:
    (tmp_path / 'cookie-secret').touch()
    made = cookie_secret(tmp_path)
    assert made
    assert cookie_secret(tmp_path) == made


@pytest.mark.parametrize('content', [b'\xe5\xff' * 40, b'short', 'ü'.encode() * 40, None])
def test_a_damaged_secret_is_kept_aside(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / 'cookie-secret'
    path.mkdir() if content is None else path.write_bytes(content)
    made = cookie_secret(tmp_path)
    assert cookie_secret(tmp_path) == made
    assert (tmp_path / 'cookie-secret.damaged').exists()
    assert 'It is kept as cookie-secret.damaged' in capsys.readouterr().err


def test_a_secret_that_cannot_be_kept_lasts_for_one_run(tmp_path: Path) -> None:
    (tmp_path / 'file').touch()
    assert len(cookie_secret(tmp_path / 'file')) >= 32
