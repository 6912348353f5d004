"""Short-lived keys, with a clock that the test sets."""

import pytest

from components.engine.api.keys import Keys
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import AnyConfig, SessionConfig, TranscriptionConfig
from components.engine.protocol.tools import OfferedTool


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_key_opens_its_session_until_it_expires() -> None:
    clock = Clock()
    keys = Keys(now=clock)
    config = SessionConfig(instructions='Be brief.')

    key = keys.mint(config, seconds=600)

    assert key.value.startswith('ek_')
    assert key.expires_at == 1_000_600
    clock.seconds += 599
    assert keys.redeem(key.value) == config
    assert keys.redeem(key.value) == config, 'a key may open several sessions'
    clock.seconds += 1
    with pytest.raises(RealtimeError, match='expired') as refused:
        keys.redeem(key.value)
    assert (refused.value.status, refused.value.code) == (401, 'invalid_api_key')


def test_an_unknown_key_opens_nothing() -> None:
    with pytest.raises(RealtimeError, match='Incorrect') as refused:
        Keys().redeem('ek_unknown')
    assert refused.value.status == 401


def test_all_keys_differ() -> None:
    keys = Keys()
    assert len({keys.mint(SessionConfig(), seconds=600).value for _ in range(100)}) == 100


def test_the_oldest_keys_make_room_for_new_ones() -> None:
    keys = Keys(most=2)
    first, second, third = (keys.mint(SessionConfig(), seconds=600).value for _ in range(3))
    assert keys.redeem(second) == keys.redeem(third) == SessionConfig()
    with pytest.raises(RealtimeError, match='Incorrect'):
        keys.redeem(first)


def test_expired_keys_take_no_room() -> None:
    clock = Clock()
    keys = Keys(now=clock, most=2)
    lasting = keys.mint(SessionConfig(), seconds=600).value
    keys.mint(SessionConfig(), seconds=10)
    clock.seconds += 10
    keys.mint(SessionConfig(), seconds=10)
    assert keys.redeem(lasting) == SessionConfig()


def test_the_sessions_of_all_keys_have_a_budget() -> None:
    """The engine grew from 74 to 394 MB over 7,500 requests, which left long instructions for two hours."""
    keys = Keys(longest=100_000)
    long = SessionConfig(instructions='x' * 30_000)
    values = [keys.mint(long, seconds=7200).value for _ in range(10)]
    assert keys._length <= 100_000
    assert keys.redeem(values[-1]) == long
    alone = keys.mint(SessionConfig(instructions='x' * 200_000), seconds=7200)
    assert keys.redeem(alone.value), 'the newest key is always kept'


@pytest.mark.parametrize(
    'config',
    [
        SessionConfig(
            tools=(OfferedTool(type='function', name='look', parameters={'type': 'object'}),), tool_choice='required'
        ),
        SessionConfig(max_output_tokens=100, output_modalities=('text',), parallel_tool_calls=True),
        TranscriptionConfig(),
    ],
)
def test_a_session_is_kept_as_it_is(config: AnyConfig) -> None:
    keys = Keys()
    assert keys.redeem(keys.mint(config, seconds=600).value) == config
