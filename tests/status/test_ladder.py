"""The ladder shows how far a call has come, and why it failed."""

from collections.abc import Callable

import pytest
from nicegui import ui
from nicegui.testing import User

from components.call.failure import failure
from components.call.reports import Rung, RungState
from components.status.ladder import Ladder, time_text
from components.words.language import ENGLISH

pytestmark = pytest.mark.nicegui_main_file('')


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def open_ladder(user: User, now: Callable[[], float]) -> Ladder:
    @ui.page('/')
    def page() -> None:
        Ladder(now)

    await user.open('/')
    return next(iter(user.find(Ladder).elements))


def shown(ladder: Ladder) -> dict[str, tuple[str, str]]:
    """Read each rung's state and its visible words."""
    rungs = [element for element in ladder.descendants() if element.props.get('data-testid') == 'ladder-rung']
    return {rung.props['data-rung']: (rung.props['data-state'], words(rung)) for rung in rungs}


def notices(ladder: Ladder) -> list[ui.element]:
    return [element for element in ladder.descendants() if element.props.get('data-testid') == 'notice']


def words(element: ui.element) -> str:
    labels = [part for part in element.descendants() if isinstance(part, ui.label) and part.visible and part.text]
    return ' '.join(label.text for label in labels)


async def test_all_rungs_wait_in_their_order(user: User) -> None:
    rungs = shown(await open_ladder(user, Clock()))
    assert list(rungs) == ['microphone', 'key', 'offer', 'network', 'channel', 'session']
    assert set(rungs.values()) == {('waiting', f'{name.capitalize()} waiting') for name in rungs}


async def test_a_rung_shows_its_state_in_a_word_and_its_time(user: User) -> None:
    ladder = await open_ladder(user, Clock())
    ladder.report(Rung.MICROPHONE, RungState.DONE, 38.4)
    ladder.report(Rung.NETWORK, RungState.ACTIVE)
    assert shown(ladder)['microphone'] == ('done', 'Microphone done 38 ms')
    assert shown(ladder)['network'] == ('active', 'Network working')


async def test_a_failed_rung_says_why_and_what_to_do(user: User) -> None:
    ladder = await open_ladder(user, Clock())
    refused = failure('microphone_refused', '', ENGLISH.text)
    ladder.report(Rung.MICROPHONE, RungState.FAILED, 1234, refused)
    expected = f'Microphone failed 1.2 s {refused.sentence} {refused.next_step}'
    assert shown(ladder)['microphone'] == ('failed', expected)
    assert [element.props.get('data-code') for element in notices(ladder)] == ['microphone_refused']
    ladder.reset()
    assert notices(ladder) == []


async def test_the_total_counts_from_the_first_report_to_the_last_rung(user: User) -> None:
    clock = Clock()
    ladder = await open_ladder(user, clock)
    ladder.report(Rung.MICROPHONE, RungState.ACTIVE)
    clock.seconds += 0.42
    ladder.report(Rung.SESSION, RungState.DONE, 12)
    await user.should_see('Live after 420 ms')


async def test_a_new_call_resets_all_rungs(user: User) -> None:
    clock = Clock()
    ladder = await open_ladder(user, clock)
    ladder.report(Rung.MICROPHONE, RungState.ACTIVE)
    ladder.report(Rung.KEY, RungState.FAILED, 5, failure('http_500', '', ENGLISH.text))
    ladder.reset()
    assert shown(ladder)['key'] == ('waiting', 'Key waiting')
    clock.seconds += 60
    ladder.report(Rung.MICROPHONE, RungState.ACTIVE)
    clock.seconds += 2
    ladder.report(Rung.SESSION, RungState.DONE, 12)
    await user.should_see('Live after 2.0 s')


async def test_the_relay_has_a_rung_only_in_calls_that_use_it(user: User) -> None:
    ladder = await open_ladder(user, Clock())
    ladder.report(Rung.NETWORK, RungState.FAILED, 4000, failure('network_timeout', '', ENGLISH.text))
    ladder.report(Rung.RELAY, RungState.DONE, 20)
    rungs = shown(ladder)
    assert list(rungs) == ['microphone', 'key', 'offer', 'network', 'relay', 'channel', 'session']
    assert rungs['relay'] == ('done', 'Relay done 20 ms')
    assert rungs['network'][0] == 'failed'
    ladder.reset()
    assert 'relay' not in shown(ladder)
    ladder.report(Rung.OFFER, RungState.SKIPPED)
    assert shown(ladder)['offer'] == ('skipped', 'Offer not needed')


async def test_no_rung_is_active_after_the_call_ended(user: User) -> None:
    ladder = await open_ladder(user, Clock())
    ladder.report(Rung.MICROPHONE, RungState.ACTIVE)
    ladder.report(Rung.KEY, RungState.DONE, 5)
    ladder.report(Rung.OFFER, RungState.FAILED, 5, failure('http_500', '', ENGLISH.text))
    ladder.stop()
    assert [state for state, _ in shown(ladder).values()] == ['waiting', 'done', 'failed', *['waiting'] * 3]


@pytest.mark.parametrize(
    ('ms', 'text'), [(0, '0 ms'), (37.6, '38 ms'), (999.4, '999 ms'), (999.6, '1.0 s'), (1234, '1.2 s')]
)
def test_short_durations_are_readable(ms: float, text: str) -> None:
    assert time_text(ms) == text


async def test_the_rung_that_was_active_tells_why_the_call_failed(user: User) -> None:
    ladder = await open_ladder(user, Clock())
    ladder.report(Rung.CHANNEL, RungState.DONE, 5)
    ladder.report(Rung.SESSION, RungState.ACTIVE)
    ladder.stop(failure('ended_by_service', 'The upstream is down.', ENGLISH.text))
    state, told = shown(ladder)['session']
    assert state == 'failed'
    assert 'The upstream is down.' in told
