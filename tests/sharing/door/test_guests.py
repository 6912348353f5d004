"""Guests: their names, their tokens, and the end of their visits."""

import pytest

from components.sharing.door.guests import (
    KEPT_OUT_SECONDS,
    LIFETIME,
    LONGEST_NAME,
    MOST_OF_ADDRESS,
    Guests,
    TooManyGuests,
    clean_name,
)
from components.sharing.visitor import HOST, device, set_visitor, visitor

ADDRESS = '192.168.1.9'


def test_a_guest_is_known_again_by_the_token_until_it_ends() -> None:
    guests = Guests()
    guest, token = guests.admit('Ana', 'iphone', ADDRESS, now=100)
    assert (guest.name, guest.device, guest.address, guest.since) == ('Ana', 'iphone', ADDRESS, 100)
    assert guests.find(token, now=100 + LIFETIME - 1) == guest
    assert guests.find(token, now=100 + LIFETIME) is None
    assert guests.find(guest.id, now=100) is None
    assert guests.find('', now=100) is None


def test_tokens_cannot_be_guessed_and_are_not_kept() -> None:
    guests = Guests()
    tokens = {guests.admit('Ana', 'other', ADDRESS, now=0)[1] for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)  # 256 bits
    assert not any(token in repr(vars(guests)) for token in tokens)


def test_two_guests_with_one_name_get_different_names() -> None:
    guests = Guests()
    for name in ('Ana', 'ana', 'Ana', 'Ben'):
        guests.admit(name, 'other', ADDRESS, now=0)
    assert [guest.name for guest in guests.all] == ['Ana', 'ana 2', 'Ana 3', 'Ben']


@pytest.mark.parametrize(
    ('typed', 'shown'),
    [
        ('  Ana \n Maria ', 'Ana Maria'),
        ('', 'Guest'),
        ('\u202e\x00\x07', 'Guest'),
        ('陈伟', '陈伟'),
        ('<b>Ana</b>', '<b>Ana</b>'),  # shown as text, it is nothing else
        ('x' * 500, 'x' * LONGEST_NAME),
    ],
)
def test_names_are_one_line_of_visible_characters(typed: str, shown: str) -> None:
    assert clean_name(typed) == shown


def test_removing_a_guest_notifies_listeners() -> None:
    guests, heard = Guests(), []
    ends = guests.subscribe(lambda: heard.append([guest.name for guest in guests.all]))
    ana, token = guests.admit('Ana', 'other', ADDRESS, now=0)
    guests.admit('Ben', 'other', ADDRESS, now=0)
    guests.remove(ana.id)
    guests.remove(ana.id)
    assert guests.find(token, now=0) is None
    ends()
    guests.clear()
    assert heard == [['Ana'], ['Ana', 'Ben'], ['Ben']]
    assert guests.all == []


def test_capacity_is_limited_and_expired_visits_free_a_place() -> None:
    guests = Guests(capacity=2)
    guests.is_here = lambda guest_id: True
    guests.admit('Ana', 'other', ADDRESS, now=0)
    guests.admit('Ben', 'other', ADDRESS, now=10)
    with pytest.raises(TooManyGuests):
        guests.admit('Cho', 'other', ADDRESS, now=20)
    guests.admit('Cho', 'other', ADDRESS, now=LIFETIME)
    assert [guest.name for guest in guests.all] == ['Ben', 'Cho']


def test_an_address_that_joins_again_and_again_takes_no_place_from_others() -> None:
    guests = Guests()
    ben, _ = guests.admit('Ben', 'other', '192.168.1.10', now=0)
    for number in range(200):
        guests.admit(f'Mallory {number}', 'other', ADDRESS, now=number)
    assert len(guests.all) == 1 + MOST_OF_ADDRESS
    assert ben in guests.all
    guests.is_here = lambda guest_id: guest_id != ben.id
    with pytest.raises(TooManyGuests):
        guests.admit('Mallory', 'other', ADDRESS, now=300)
    guests.admit('Cho', 'other', '192.168.1.11', now=300)


def test_a_full_house_lets_someone_go_who_is_away() -> None:
    guests = Guests(capacity=2)
    ana, _ = guests.admit('Ana', 'other', '192.168.1.9', now=0)
    guests.admit('Ben', 'other', '192.168.1.10', now=0)
    guests.is_here = lambda guest_id: guest_id == ana.id
    guests.admit('Cho', 'other', '192.168.1.11', now=0)
    assert [guest.name for guest in guests.all] == ['Ana', 'Cho']


@pytest.mark.parametrize('left', ['away', 'removed', 'expired'])
def test_a_browser_without_its_cookie_goes_on_with_the_account_of_its_address(left: str) -> None:
    guests = Guests()
    ana, _ = guests.admit('Ana', 'other', ADDRESS, now=0)
    if left == 'removed':
        guests.remove(ana.id)
    again, _ = guests.admit('Ana', 'other', ADDRESS, now=LIFETIME if left == 'expired' else 10)
    assert again.id != ana.id, 'it may be someone else, who must not see what Ana said'
    assert guests.account_of(again.id) == ana.account == ana.id


def test_guests_behind_one_address_who_are_here_have_accounts_of_their_own() -> None:
    guests = Guests()
    guests.is_here = lambda guest_id: True
    ana, _ = guests.admit('Ana', 'other', ADDRESS, now=0)
    ben, _ = guests.admit('Ben', 'other', ADDRESS, now=0)
    assert guests.account_of(ana.id) != guests.account_of(ben.id)


def test_an_address_can_be_kept_out_for_a_while() -> None:
    guests = Guests()
    ana, token = guests.admit('Ana', 'other', ADDRESS, now=0)
    guests.keep_out(ana.id, now=100)
    assert guests.find(token, now=100) is None
    assert guests.kept_out(ADDRESS, now=160) == KEPT_OUT_SECONDS - 60
    assert guests.kept_out('192.168.1.10', now=160) == 0
    assert guests.kept_out(ADDRESS, now=100 + KEPT_OUT_SECONDS) == 0


def test_the_scope_identifies_the_visitor() -> None:
    guest, _ = Guests().admit('Ana', 'other', ADDRESS, now=0)
    scope: dict[str, object] = {}
    assert visitor(scope) == HOST
    set_visitor(scope, guest)
    assert visitor(scope) == guest


@pytest.mark.parametrize(
    ('user_agent', 'touch_points', 'kind'),
    [
        ('Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1', 5, 'iphone'),
        ('Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/150.0 Mobile', 5, 'android'),
        ('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/150.0', 10, 'windows'),
        ('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1', 0, 'mac'),
        ('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1', 5, 'ipad'),
        ('Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0', 0, 'linux'),
        ('', 0, 'other'),
    ],
)
def test_the_device_is_guessed(user_agent: str, touch_points: int, kind: str) -> None:
    assert device(user_agent, touch_points) == kind
