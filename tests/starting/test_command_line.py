"""The options of the command line. `tests/test_main.py` tests the sentences about impossible ones."""

import sys
from pathlib import Path

import pytest

from components.starting.command_line import CommandLine


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Set the arguments behind the name of the program."""
    words = ['main.py']
    monkeypatch.setattr(sys, 'argv', words)
    return words


def test_all_options_have_defaults(typed: list[str], tmp_path: Path) -> None:
    command = CommandLine.read()
    assert (command.home, command.port, command.opens_browser, command.shares) == ('127.0.0.1', 8080, True, False)
    assert command.share(tmp_path) is None


@pytest.mark.parametrize('host', ['localhost', '::1', '127.0.0.1'])
def test_the_host_can_choose_a_loopback_address(typed: list[str], host: str) -> None:
    typed += ['--host', host]
    assert CommandLine.read().home == host


def test_an_address_for_guests_leaves_the_host_on_loopback(typed: list[str]) -> None:
    typed += ['--share', '--host', '192.168.1.7']
    command = CommandLine.read()
    assert (command.home, command.shares) == ('127.0.0.1', True)


def test_the_passcode_is_not_shown(typed: list[str]) -> None:
    typed += ['--share', '--passcode', 'sesame123']
    assert 'sesame123' not in repr(CommandLine.read())
