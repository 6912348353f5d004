"""The timer counts while the call is live, and then keeps showing its last time."""

import pytest
from nicegui import ui
from nicegui.testing import User

from components.status.call_timer import CallTimer, duration_text

pytestmark = pytest.mark.nicegui_main_file('')


@pytest.mark.parametrize(
    ('seconds', 'text'), [(0, '00:00'), (59.9, '00:59'), (61, '01:01'), (3599, '59:59'), (3725, '1:02:05')]
)
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


async def test_the_timer_counts_down_before_the_session_ends(user: User) -> None:
    seconds = 1000.0

    @ui.page('/')
    def page() -> None:
        CallTimer(lambda: seconds, lambda: seconds)

    await user.open('/')
    timer = next(iter(user.find(CallTimer).elements))
    timer.start()
    timer.expire(1400)
    timer.show()
    assert timer.text == '00:00'
    seconds = 1110
    timer.show()
    assert timer.text == '↻ 04:50'
    timer.expire(5000)
    timer.show()
    assert timer.text == '01:50'


async def test_the_timer_counts_from_the_start_of_a_call_to_its_end(user: User) -> None:
    seconds = 1000.0

    @ui.page('/')
    def page() -> None:
        CallTimer(lambda: seconds)

    await user.open('/')
    timer = next(iter(user.find(CallTimer).elements))
    timer.stop()  # a call that was never live
    assert timer.text == ''
    timer.start()
    assert timer.text == '00:00'
    seconds += 65
    timer.show()
    assert timer.text == '01:05'
    seconds += 1
    timer.stop()
    seconds += 100
    timer.show()
    assert timer.text == '01:06'
    timer.start()
    assert timer.text == '00:00'
