"""How the engine lets itself be reached."""

import inspect

import aioice.ice
import pytest
from aioice import Candidate

from components.engine.transport import ice

CANDIDATE = 'a=candidate:1 1 udp 2122260223 192.168.1.2 50000 typ host'
HIDDEN = 'a=candidate:2 1 udp 2122260223 3f2c.local 50001 typ host'
TCP = 'a=candidate:3 1 tcp 1518280447 192.168.1.2 9 typ host tcptype active'


def sdp(*lines: str) -> str:
    return '\r\n'.join(['v=0', *lines, '']) + ''


def test_candidates_that_only_cost_time_are_left_out() -> None:
    offer = sdp(CANDIDATE, HIDDEN, TCP, 'a=end-of-candidates')
    assert ice.usable_candidates(offer) == sdp(CANDIDATE, 'a=end-of-candidates')


def test_the_end_of_no_candidates_is_left_out_too() -> None:
    assert ice.usable_candidates(sdp(HIDDEN, 'a=end-of-candidates')) == sdp()
    assert ice.usable_candidates('v=0\n') == sdp(), 'lines end as SDP wants it'


def test_aioice_still_has_the_patched_names() -> None:
    """The engine relies on these names; a new version of aioice that lacks them must not go unnoticed."""
    assert list(inspect.signature(aioice.ice.get_host_addresses).parameters) == ['use_ipv4', 'use_ipv6']
    source = inspect.getsource(aioice.ice.Connection)
    for name in ice.ADJUSTED:
        assert hasattr(aioice.ice, name)
        assert name in source, 'read when it is used, so that an adjustment counts'


def test_the_adjustment_ends_with_its_context() -> None:
    before = [getattr(aioice.ice, name) for name in ice.ADJUSTED]
    with ice.adjusted(local_only=lambda: True):
        assert aioice.ice.get_host_addresses(True, True) == ['127.0.0.1']
        assert aioice.ice.CONSENT_INTERVAL * aioice.ice.CONSENT_FAILURES == 15
    assert [getattr(aioice.ice, name) for name in ice.ADJUSTED] == before


def test_a_browser_that_does_not_reach_the_loopback_address_is_offered_the_others() -> None:
    others = aioice.ice.get_host_addresses(True, True)
    with ice.adjusted(local_only=lambda: True):
        with ice.reached_by(loopback=False):
            assert aioice.ice.get_host_addresses(True, True) == [*others, '127.0.0.1']
        assert aioice.ice.get_host_addresses(True, True) == ['127.0.0.1'], 'the next one may reach it'


@pytest.mark.parametrize(('local_only', 'heard'), [(True, [b'ours']), (False, [b'ours', b'theirs'])])
async def test_other_machines_are_not_heard_where_only_this_one_may_come(local_only: bool, heard: list[bytes]) -> None:
    receiver = Receiver()
    with ice.adjusted(local_only=lambda: local_only):
        protocol = aioice.ice.StunProtocol(receiver)
    protocol.local_candidate = Candidate.from_sdp(CANDIDATE.removeprefix('a=candidate:'))
    protocol.datagram_received(b'ours', ('127.0.0.1', 50_000))
    protocol.datagram_received(b'theirs', ('203.0.113.7', 50_000))
    assert receiver.heard == heard


class Receiver(aioice.ice.Connection):
    """A connection that keeps all that is not ICE's own."""

    def __init__(self) -> None:
        super().__init__(ice_controlling=False)
        self.heard: list[bytes] = []

    def data_received(self, data: bytes, component: int) -> None:
        self.heard.append(data)


def test_other_machines_find_the_other_addresses() -> None:
    others = aioice.ice.get_host_addresses(True, False)
    with ice.adjusted(local_only=lambda: False):
        assert aioice.ice.get_host_addresses(True, False) == [*others, '127.0.0.1']
