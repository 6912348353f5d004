"""Browser messages reach the service in order; only sound may be dropped, and only the oldest."""

from hypothesis import given
from hypothesis import strategies as st

from components.relay import uplink
from components.relay.uplink import Uplink

frames = st.integers(1, 2000).map(lambda samples: b'\1\2' * samples)
messages = st.lists(st.builds(lambda number: f'{{"type":"event {number}"}}', st.integers()) | frames)


async def all_of(way: Uplink, messages: list[str | bytes]) -> list[str | bytes]:
    """Return what the service gets: events, and the sound between them in one piece."""
    for message in messages:
        if isinstance(message, bytes):
            way.add_sound(message)
        else:
            assert way.add_event(message)
    way.add_event('the end')
    got: list[str | bytes] = []
    while (message := await way.next()) != 'the end':
        assert isinstance(message, str) or len(message) <= max(uplink.LONGEST_APPEND, 4000)
        got.append(message)
    return joined(got)


def joined(messages: list[str | bytes]) -> list[str | bytes]:
    result: list[str | bytes] = []
    for message in messages:
        if isinstance(message, bytes) and result and isinstance(last := result[-1], bytes):
            result[-1] = last + message
        else:
            result.append(message)
    return result


@given(messages)
async def test_everything_arrives_in_order(messages: list[str | bytes]) -> None:
    assert await all_of(Uplink(), messages) == joined(messages)


async def test_waiting_sound_is_sent_in_few_events() -> None:
    way = Uplink()
    for _ in range(10):
        way.add_sound(bytes(960))  # 20 ms each
    assert len(await way.next()) == 9_600  # 200 ms


async def test_excess_sound_drops_the_oldest_and_no_event() -> None:
    way = Uplink()
    for number in range(20):
        way.add_sound(bytes([number, number]) * 24_000)  # a second
        way.add_event(f'after {number}')
    assert way.dropped == 10 * 48_000
    got = [await way.next() for _ in range(11)]
    assert got[:10] == [f'after {number}' for number in range(10)]
    sound = got[10]
    assert isinstance(sound, bytes)
    assert sound[:2] == bytes([10, 10])


async def test_a_flood_of_events_is_rejected() -> None:
    way = Uplink()
    assert all(way.add_event('again') for _ in range(uplink.MOST_EVENTS))
    assert not way.add_event('again')
    await way.next()
    assert way.add_event('again')


async def test_waiting_events_have_a_budget_in_bytes() -> None:
    way = Uplink()
    while way.add_event('x' * 1_000_000):
        pass
    assert way._text <= uplink.MOST_TEXT
    await way.next()
    assert way.add_event('x' * 900_000)


async def test_a_single_event_may_be_as_long_as_a_socket_takes() -> None:
    assert Uplink().add_event('x' * (uplink.MOST_TEXT + 1))
