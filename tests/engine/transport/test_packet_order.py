"""Packets of a stream, in and out of order."""

from hypothesis import given
from hypothesis import strategies as st

from components.engine.transport.packet_order import PacketOrder


def given_in(*numbers: int) -> list[int]:
    order = PacketOrder()
    return [int(packet) for number in numbers for packet in order.add(number, str(number).encode())]


def test_packets_in_order_come_at_once() -> None:
    order = PacketOrder()
    assert [order.add(number % 65_536, b'%d' % number) for number in range(65_530, 65_540)] == [
        [b'%d' % number] for number in range(65_530, 65_540)
    ]


def test_a_late_packet_finds_its_place() -> None:
    assert given_in(1, 3, 2, 4) == [1, 2, 3, 4]


def test_a_lost_packet_is_given_up_when_three_wait() -> None:
    assert given_in(1, 3, 4) == [1]
    assert given_in(1, 3, 4, 5) == [1, 3, 4, 5]
    assert given_in(1, 3, 4, 5, 2, 6) == [1, 3, 4, 5, 6]


def test_a_packet_counts_once() -> None:
    assert given_in(1, 1, 3, 3, 3, 2) == [1, 2, 3]


def test_a_sender_may_restart_its_sequence_numbers() -> None:
    assert given_in(40_000, 40_001, 7, 8, 9) == [40_000, 40_001, 7, 8, 9]
    assert given_in(7, 8, 65_000, 65_001) == [7, 8, 65_000, 65_001]


@given(st.permutations(range(4)), st.integers(0, 65_535))
def test_packets_never_repeat_or_go_backwards(places: list[int], start: int) -> None:
    order = PacketOrder()
    order.add(start, b'-1')
    numbers = [*places, *range(4, 12)]
    came = [int(packet) for place in numbers for packet in order.add((start + 1 + place) % 65_536, str(place).encode())]
    assert came == sorted(set(came))
    assert came[-8:] == list(range(4, 12))
