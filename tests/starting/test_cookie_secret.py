"""The secret behind the cookies outlives a restart."""

from pathlib import Path

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
