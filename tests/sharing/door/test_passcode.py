"""The passcode, and how long somebody who guesses it must wait."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.sharing.door.passcode import Passcode
from components.sharing.door.passcode_attempts import FORGOTTEN, FREE, LONGEST, PasscodeAttempts
from components.sharing.errors import SharingError


def test_six_digits_fresh_each_time() -> None:
    codes = {Passcode.fresh().text for _ in range(50)}
    assert len(codes) > 40
    assert all(len(code) == 7 and code.replace(' ', '').isdigit() for code in codes)


@pytest.mark.parametrize('typed', ['Blue Horse 7', 'blue-horse-7', ' bluehorse7\n'])
def test_people_may_type_it_as_they_like(typed: str) -> None:
    assert Passcode('blue horse 7').fits(typed)


@pytest.mark.parametrize('typed', ['', 'blue horse', 'blue horse 77', 'ｂlue horsé 7', '\x00'])
def test_other_words_do_not_match(typed: str) -> None:
    assert not Passcode('blue horse 7').fits(typed)


def test_it_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare_digest(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return False

    monkeypatch.setattr(secrets, 'compare_digest', compare_digest)
    assert not Passcode('123 456').fits('654321')
    assert compared == [(b'123456', b'654321')]


@pytest.mark.parametrize('text', ['', '12345', '- - - - - - -', 'a b c'])
def test_a_weak_passcode_is_refused(text: str) -> None:
    with pytest.raises(SharingError, match='A passcode needs at least 6'):
        Passcode(text)


def test_repr_hides_the_passcode() -> None:
    assert '123' not in repr(Passcode('123 456'))


def test_waits_double_up_to_an_hour() -> None:
    attempts, now, waits = PasscodeAttempts(), 0.0, []
    for _ in range(20):
        attempts.failed('192.168.1.9', now)
        waits.append(attempts.wait('192.168.1.9', now))
        now += waits[-1]
    assert waits[:FREE] == [0, 0, 1]
    assert waits[FREE : FREE + 4] == [2, 4, 8, 16]
    assert waits[-1] == LONGEST


def test_guessing_six_digits_from_one_address_takes_decades() -> None:
    attempts, now, count = PasscodeAttempts(), 0.0, 0
    while now < 30 * 24 * 3600:
        now += attempts.wait('192.168.1.9', now)
        attempts.failed('192.168.1.9', now)
        count += 1
    assert count < 24 * 30 + 20


def test_other_addresses_do_not_wait_but_neighbours_in_the_same_ipv6_network_do() -> None:
    attempts = PasscodeAttempts()
    for _ in range(5):
        attempts.failed('2001:db8:0:1::9', 0)
        attempts.failed('192.168.1.9', 0)
    assert attempts.wait('192.168.1.10', 0) == 0
    assert attempts.wait('2001:db8:0:2::9', 0) == 0
    assert attempts.wait('2001:db8:0:1:ffff::1', 0) == 4


def test_the_right_passcode_and_time_both_end_the_waits() -> None:
    attempts = PasscodeAttempts()
    for _ in range(5):
        attempts.failed('a', 0)
        attempts.failed('b', 0)
    attempts.succeeded('a')
    assert (attempts.wait('a', 0), attempts.wait('b', 0)) == (0, 4)
    attempts.failed('c', FORGOTTEN + 1)
    assert len(attempts) == 1


@given(st.lists(st.integers(0, 10_000), min_size=50, max_size=300))
def test_many_addresses_neither_fill_the_memory_nor_get_around_the_waits(addresses: list[int]) -> None:
    attempts = PasscodeAttempts(size=10)
    for number in addresses:
        attempts.failed(f'10.0.{number // 256}.{number % 256}', 0)
    assert len(attempts) <= 11
    if len(set(addresses)) > 10 + FREE:
        assert attempts.wait('10.9.9.9', 0) > 0
