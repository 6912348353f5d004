"""The command-line options of sharing, and the errors for invalid ones."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from components.sharing.errors import SharingError
from components.sharing.options import ShareOptions, add_options


def read(*arguments: str, **environment: str) -> ShareOptions:
    parser = ArgumentParser()
    parser.add_argument('--host', default='127.0.0.1')
    add_options(parser)
    return ShareOptions.read(parser.parse_args(['--share', *arguments]), environment)


def test_all_options_are_optional() -> None:
    assert read() == ShareOptions(8443, None, None, None, None)


def test_all_options_are_read() -> None:
    options = read('--host', '192.168.1.7', '--share-port', '443', '--passcode', 'x', '--cert', 'a', '--key', 'b')
    assert options == ShareOptions(443, '192.168.1.7', 'x', Path('a'), Path('b'))


@pytest.mark.parametrize('host', ['0.0.0.0', '::', 'localhost', '127.0.0.1'])
def test_everywhere_is_everywhere(host: str) -> None:
    assert read('--host', host).host is None


def test_the_passcode_may_come_from_the_environment_where_no_list_of_programs_shows_it() -> None:
    assert read(PARLEY_PASSCODE='from env').passcode == 'from env'
    assert read('--passcode', 'typed', PARLEY_PASSCODE='from env').passcode == 'typed'
    assert read(PARLEY_PASSCODE='').passcode is None
    assert 'typed' not in repr(read('--passcode', 'typed'))


def test_a_key_without_its_certificate() -> None:
    with pytest.raises(SharingError, match='give that with --cert'):
        read('--key', 'b')


def test_a_name_instead_of_an_address() -> None:
    with pytest.raises(SharingError, match=r'^studio is not an IP address such as 192\.168\.1\.5'):
        read('--host', 'studio')
