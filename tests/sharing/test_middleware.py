"""The log of pages: one line of the host's, nothing of guests'."""

import logging

import pytest
from nicegui import core

from components.sharing import middleware
from components.sharing.visitor import Guest, set_visitor

ANA = Guest('1', 'Ana', 'other', '192.168.1.9', 0.0)


def log(message: object, guest: Guest | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Log from a page of the host, or of a guest."""
    scope: dict[str, object] = {}
    if guest:
        set_visitor(scope, guest)
    monkeypatch.setattr(core, 'sio', type('Sockets', (), {'get_environ': lambda self, sid: {'asgi.scope': scope}})())
    middleware._log('sid', message)


def test_a_guest_cannot_write_into_the_hosts_terminal(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log({'level': 'warning', 'message': '\x1b[2J forged'}, ANA, monkeypatch)
    assert caplog.records == []


@pytest.mark.parametrize(
    ('message', 'written'),
    [
        ({'level': 'warning', 'message': 'a\x1b[2J\nERROR forged'}, 'a [2J ERROR forged'),
        ({'level': 'critical thinking', 'message': 'x' * 2_000_000}, 'x' * middleware.LONGEST_LOG),
        ({'message': None}, 'None'),
    ],
)
def test_a_page_of_the_host_writes_one_short_line(
    message: object, written: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, 'parley.page'):
        log(message, None, monkeypatch)
    assert caplog.messages == [written]


def test_nonsense_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    log('nonsense', None, monkeypatch)
