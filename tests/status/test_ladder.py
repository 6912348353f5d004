"""The ladder shows how far a call has come, and why it failed."""

import pytest
from nicegui import ui
from nicegui.testing import User

from components.call.failure import failure
from components.call.reports import Rung, RungReport, RungState
from components.status.ladder import Ladder, RungRow, time_text
from components.words.language import ENGLISH

pytestmark = pytest.mark.nicegui_main_file('')


async def open_ladder(user: User) -> Ladder:
    @ui.page('/')
    def page() -> None:
        Ladder()

    await user.open('/')
    return next(iter(user.find(Ladder).elements))


def shown(ladder: Ladder) -> dict[str, tuple[str, str]]:
    """Read each rung's state and its visible words."""
    return {row.rung.value: (row.state.value, words(row)) for row in ladder.rows}


def words(row: RungRow) -> str:
    return ' '.join(filter(None, (row.name, row.word, row.time, row.sentence, row.next_step)))


async def test_all_rungs_wait_in_their_order(user: User) -> None:
    rungs = shown(await open_ladder(user))
    assert list(rungs) == ['microphone', 'key', 'offer', 'network', 'channel', 'session']
    assert set(rungs.values()) == {('waiting', f'{name.capitalize()} waiting') for name in rungs}


async def test_a_rung_shows_its_state_in_a_word_and_its_time(user: User) -> None:
    ladder = await open_ladder(user)
    ladder.report(RungReport(Rung.MICROPHONE, RungState.DONE, ms=38.4))
    ladder.report(RungReport(Rung.NETWORK, RungState.ACTIVE))
    assert shown(ladder)['microphone'] == ('done', 'Microphone done 38 ms')
    assert shown(ladder)['network'] == ('active', 'Network working')


async def test_a_failed_rung_says_why_and_what_to_do(user: User) -> None:
    ladder = await open_ladder(user)
    refused = failure('microphone_refused', '', ENGLISH.text)
    ladder.report(RungReport(Rung.MICROPHONE, RungState.FAILED, ms=1234), refused)
    expected = f'Microphone failed 1.2 s {refused.sentence} {refused.next_step}'
    assert shown(ladder)['microphone'] == ('failed', expected)
    assert [row.code for row in ladder.rows if row.code] == ['microphone_refused']
    ladder.reset()
    assert not any(row.code for row in ladder.rows)


async def test_the_total_and_the_bars_show_which_rungs_ran_beside_each_other(user: User) -> None:
    ladder = await open_ladder(user)
    ladder.report(RungReport(Rung.MICROPHONE, RungState.ACTIVE, at_ms=1000))
    ladder.report(RungReport(Rung.KEY, RungState.DONE, at_ms=1000, ms=100))
    ladder.report(RungReport(Rung.MICROPHONE, RungState.DONE, at_ms=1000, ms=200))
    ladder.report(RungReport(Rung.SESSION, RungState.DONE, at_ms=1390, ms=10))
    assert ladder.total == 'Live after 400 ms'
    assert [row.bar for row in ladder.rows if row.bar] == [(0, 0.5), (0, 0.25), (0.975, 1)]
    assert ladder.props['rows'] == ladder.rows
    ladder.reset()
    assert not any(row.bar for row in ladder.rows)


async def test_a_new_call_resets_all_rungs(user: User) -> None:
    ladder = await open_ladder(user)
    ladder.report(RungReport(Rung.MICROPHONE, RungState.ACTIVE, at_ms=1000))
    ladder.report(RungReport(Rung.KEY, RungState.FAILED, ms=5), failure('http_500', '', ENGLISH.text))
    ladder.reset()
    assert shown(ladder)['key'] == ('waiting', 'Key waiting')
    ladder.report(RungReport(Rung.MICROPHONE, RungState.ACTIVE, at_ms=61_000))
    ladder.report(RungReport(Rung.SESSION, RungState.DONE, at_ms=62_988, ms=12))
    assert ladder.total == 'Live after 2.0 s'


async def test_the_relay_has_a_rung_only_in_calls_that_use_it(user: User) -> None:
    ladder = await open_ladder(user)
    ladder.report(RungReport(Rung.NETWORK, RungState.FAILED, ms=4000), failure('network_timeout', '', ENGLISH.text))
    ladder.report(RungReport(Rung.RELAY, RungState.DONE, ms=20))
    rungs = shown(ladder)
    assert list(rungs) == ['microphone', 'key', 'offer', 'network', 'relay', 'channel', 'session']
    assert rungs['relay'] == ('done', 'Relay done 20 ms')
    assert rungs['network'][0] == 'failed'
    ladder.reset()
    assert 'relay' not in shown(ladder)
    ladder.report(RungReport(Rung.OFFER, RungState.SKIPPED))
    assert shown(ladder)['offer'] == ('skipped', 'Offer not needed')


async def test_no_rung_is_active_after_the_call_ended(user: User) -> None:
    ladder = await open_ladder(user)
    ladder.report(RungReport(Rung.MICROPHONE, RungState.ACTIVE))
    ladder.report(RungReport(Rung.KEY, RungState.DONE, ms=5))
    ladder.report(RungReport(Rung.OFFER, RungState.FAILED, ms=5), failure('http_500', '', ENGLISH.text))
    ladder.stop()
    assert [state for state, _ in shown(ladder).values()] == ['waiting', 'done', 'failed', *['waiting'] * 3]


@pytest.mark.parametrize(
    ('ms', 'text'), [(0, '0 ms'), (37.6, '38 ms'), (999.4, '999 ms'), (999.6, '1.0 s'), (1234, '1.2 s')]
)
def test_short_durations_are_readable(ms: float, text: str) -> None:
    assert time_text(ms) == text


async def test_the_rung_that_was_active_tells_why_the_call_failed(user: User) -> None:
    ladder = await open_ladder(user)
    ladder.report(RungReport(Rung.CHANNEL, RungState.DONE, ms=5))
    ladder.report(RungReport(Rung.SESSION, RungState.ACTIVE))
    ladder.stop(failure('ended_by_service', 'The upstream is down.', ENGLISH.text))
    state, told = shown(ladder)['session']
    assert state == 'failed'
    assert 'The upstream is down.' in told
