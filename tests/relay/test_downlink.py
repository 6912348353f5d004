"""Service events reach the browser once and in order, even if sockets break."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from components.relay import downlink
from components.relay.downlink import Downlink


@given(
    messages=st.lists(st.text() | st.binary()),
    sockets=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=5),
)
async def test_new_socket_continues_where_the_old_one_broke(
    messages: list[str | bytes], sockets: list[tuple[int, int]]
) -> None:
    way = Downlink()
    for message in messages:
        way.add(message)
    way.finish()
    received: list[str | bytes] = []
    for takes, loses in sockets:  # each takes so many messages, of which the last ones never arrive
        got = [taken for _ in range(takes) if (taken := await way.next()) is not None]
        received += got[: max(0, len(got) - loses)]
        way.rewind(len(received))
    while (last := await way.next()) is not None:
        received.append(last)
    assert received == messages


async def test_unconfirmed_bytes_stay_within_the_window() -> None:
    way = Downlink()
    for _ in range(100):
        way.add(bytes(9_600))
    full = downlink.WINDOW // 9_600 + 1
    for _ in range(full):
        await way.room()
        await way.next()
    room = asyncio.ensure_future(way.room())
    await asyncio.sleep(0)
    assert not room.done()
    way.confirm(full)
    await room


async def test_excess_sound_drops_the_oldest_and_no_event() -> None:
    way = Downlink()
    for second in range(130):
        way.add(bytes([second]) * 48_000)
        way.add(f'after {second}')
    assert way.dropped == 10 * 48_000
    assert not way.overflown
    assert [await way.next() for _ in range(10)] == [f'after {second}' for second in range(10)]
    assert await way.next() == bytes([10]) * 48_000


async def test_sound_that_is_sent_again_is_bounded_too() -> None:
    way = Downlink()
    way.add(bytes(48_000))
    await way.next()
    for _ in range(130):
        way.add(bytes(48_000))
    way.rewind(0)
    way.add(bytes(48_000))
    assert way.dropped == 12 * 48_000


async def test_too_many_waiting_events_set_overflown() -> None:
    way = Downlink()
    for _ in range(5):
        way.add('x' * 1_000_000)
    assert way.overflown


async def test_nothing_is_sent_after_the_end() -> None:
    way = Downlink()
    way.add('the last')
    way.finish()
    way.add('too late')
    assert [await way.next(), await way.next()] == ['the last', None]


async def test_impossible_counts_are_ignored() -> None:
    way = Downlink()
    way.add('one')
    await way.next()
    way.confirm(-5)
    way.confirm(1_000_000)
    way.add('two')
    assert await way.next() == 'two'


async def test_urgent_events_pass_the_others_also_when_they_are_sent_again() -> None:
    way = Downlink()
    for number in range(3):
        way.add(f'event {number}')
        way.add(f'urgent {number}', urgent=True)
    assert [await way.next() for _ in range(4)] == ['urgent 0', 'urgent 1', 'urgent 2', 'event 0']
    way.rewind(1)
    way.add('urgent 3', urgent=True)
    assert [await way.next() for _ in range(6)] == ['urgent 1', 'urgent 2', 'urgent 3', 'event 0', 'event 1', 'event 2']


async def test_dropped_sound_takes_no_room() -> None:
    way = Downlink()
    for number in range(3):
        way.add(bytes([number]) * 48_000)
        way.add(f'event {number}')
    way.drop_sound(lambda frame: frame[0] < 2)
    assert [await way.next() for _ in range(4)] == ['event 0', 'event 1', bytes([2]) * 48_000, 'event 2']
    assert way._sound == way._text == 0
