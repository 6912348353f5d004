"""The host's panel shows who is in and who talks, as it happens."""

from dataclasses import dataclass, field
from typing import cast

import pytest
from nicegui import ui
from nicegui.testing import User

from components.sharing.calls.guest_calls import GuestCalls
from components.sharing.calls.ledger import Ledger
from components.sharing.calls.limits import Limits
from components.sharing.door.guests import Guests
from components.sharing.host.guests_panel import GuestsPanel, duration_text
from components.sharing.share import Share
from tests.sharing.calls.test_guest_calls import Page

pytestmark = pytest.mark.nicegui_main_file('')


@dataclass
class SharedHouse:
    """As much of a `Share` as the panel looks at; time stands still unless a test moves it."""

    now: float = 1_000_000.0
    here: set[str] = field(default_factory=set)
    guests: Guests = field(default_factory=Guests)

    def __post_init__(self) -> None:
        self.calls = GuestCalls(Ledger(Limits(day=60)), lambda: self.now, grace=0)

    def is_here(self, guest_id: str) -> bool:
        return guest_id in self.here


async def test_two_guests_with_one_name_come_call_and_go(user: User) -> None:
    house = SharedHouse()

    @ui.page('/')
    def page() -> None:
        GuestsPanel(cast(Share, house))

    await user.open('/')
    await user.should_see('Nobody is here yet.')
    ana, _ = house.guests.admit('Ana', 'iphone', '192.168.1.9', house.now)
    house.guests.admit('Ana', 'mac', '192.168.1.10', house.now)
    for shown in ('2 guests here, 0 talking', 'Ana', 'Ana 2', 'iPhone, since', 'Mac, since', 'Away · 0 s today'):
        await user.should_see(shown)

    called = Page()
    house.calls.ask(ana)
    house.calls.begin(ana, called, called.hang_up)
    await user.should_see('2 guests here, 1 talking')
    house.now += 75
    panel = next(iter(user.find(GuestsPanel).elements))
    panel.refresh()
    await user.should_see('Talking: 01:15 · 1 min today')
    await user.should_see('Used today: 1 min of 1 h')

    buttons = {button.props['aria-label']: button for button in user.find(ui.button).elements}
    assert buttons.keys() == {
        f'{action}: {name}'
        for action in ('Hang up', 'Remove', 'Remove and keep out for an hour')
        for name in ('Ana', 'Ana 2')
    }
    assert [buttons[f'Hang up: {name}'].enabled for name in ('Ana', 'Ana 2')] == [True, False]
    house.calls.hang_up(ana.id)
    await user.should_see('2 guests here, 0 talking')
    await called.hung_up.wait()
    assert called.notices == ['ended_by_host', 'hung up']
    house.guests.remove(ana.id)
    await user.should_see('1 guest here, 0 talking')
    await user.should_not_see('iPhone')


@pytest.mark.parametrize(
    ('seconds', 'text'), [(0, '00:00'), (59.9, '00:59'), (61, '01:01'), (3599, '59:59'), (3725, '1:02:05')]
)
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
