"""Short-lived keys, with a clock that the test sets."""

import pytest

from components.engine.api.keys import Keys
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.session_config import SessionConfig


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


def test_the_number_of_valid_keys_is_limited() -> None:
    clock = Clock()
    keys = Keys(now=clock, most=2)
    keys.mint(SessionConfig(), seconds=10)
    keys.mint(SessionConfig(), seconds=600)
    with pytest.raises(RealtimeError) as refused:
        keys.mint(SessionConfig(), seconds=10)
    assert refused.value.status == 429

    clock.seconds += 10
    keys.mint(SessionConfig(), seconds=10)
