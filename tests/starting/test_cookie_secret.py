"""The secret behind the cookies outlives a restart."""

from pathlib import Path

from components.starting.cookie_secret import cookie_secret


def test_it_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / 'data'
    made = cookie_secret(folder)
    assert cookie_secret(folder) == made
    assert len(made) >= 32
    assert (folder / 'cookie-secret').stat().st_mode & 0o777 == 0o600


def test_one_of_an_interrupted_start_is_made_again(tmp_path: Path) -> None:
    (tmp_path / 'cookie-secret').touch()
    made = cookie_secret(tmp_path)
    assert made
    assert cookie_secret(tmp_path) == made
