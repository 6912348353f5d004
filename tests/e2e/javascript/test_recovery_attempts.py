"""Which attempts are made to continue a call that broke, and when it is given up."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.chromium import Chromium
from tests.e2e.modules import page_with_modules
from tests.parley import Parley


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def modules(chromium: Chromium, parley: Parley) -> AsyncIterator[Page]:
    async with page_with_modules(chromium, parley, 'recovery', 'failure') as page:
        yield page


@pytest.mark.parametrize(
    ('failures', 'expected'),
    [
        (['connection_lost'], ['webrtc 0']),
        (['connection_lost', 'network_failed', 'network_failed', 'network_failed'],
         ['webrtc 0', 'relay 250', 'relay 500', 'webrtc 1000']),
        (['connection_lost', 'server_lost', 'server_lost'], ['webrtc 0', 'webrtc 250', 'webrtc 500']),
        (['connection_lost', 'invalid_api_key'], ['webrtc 0', 'invalid_api_key']),
        (['session_expired', 'minutes_used_up'], ['webrtc 0', 'minutes_used_up']),
    ],
)  # fmt: skip
async def test_the_attempts(modules: Page, failures: list[str], expected: list[str]) -> None:
    assert await modules.evaluate(ATTEMPTS, failures) == expected


async def test_recovery_gives_up_after_five_minutes(modules: Page) -> None:
    assert await modules.evaluate(
        """() => {
            const recovery = new Recovery("webrtc"), lost = new CallFailure("page_offline");
            recovery.connected("webrtc", 0);
            recovery.broken(lost, 1_000);
            return [recovery.next(lost, 300_999).transport, recovery.next(lost, 301_000).code];
        }"""
    ) == ['webrtc', 'recovery_failed']


async def test_a_service_that_ends_every_call_at_once_is_left_alone(modules: Page) -> None:
    assert await modules.evaluate(
        """() => {
            const recovery = new Recovery("webrtc"), closed = new CallFailure("channel_closed");
            const outcomes = [];
            for (const length of [1_000, 1_000, 1_000, 60_000, 1_000, 1_000, 1_000, 1_000]) {
                recovery.connected("webrtc", 0);
                recovery.broken(closed, length);
                outcomes.push(recovery.next(closed, length).code ?? "again");
            }
            return outcomes;
        }"""
    ) == [*['again'] * 7, 'channel_closed']


ATTEMPTS = """(codes) => {
    const recovery = new Recovery("auto");
    recovery.connected("webrtc", 0);
    return codes.map((code, n) => {
        const failure = new CallFailure(code);
        if (n) recovery.failed(failure);
        else recovery.broken(failure, 1_000);
        const attempt = recovery.next(failure, 1_000);
        return attempt.code ?? `${attempt.transport} ${attempt.wait}`;
    });
}"""
