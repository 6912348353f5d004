"""The screen stays awake as long as a call lasts, and only where the browser can keep it so."""

from tests.e2e.conftest import Visit

LOCKS = """
    window.locks = [];
    class Lock {
        held = true;
        release() { this.held = false; }
    }
    const request = async () => (locks.push(new Lock()), locks.at(-1));
    Object.defineProperty(navigator, "wakeLock", { value: { request }, configurable: true });
"""
HELD = 'locks.map(({ held }) => held)'


async def test_the_screen_stays_awake_during_a_call(visit: Visit) -> None:
    page = await visit(init_script=LOCKS)
    assert await page.page.evaluate(HELD) == []
    await page.call()
    assert await page.page.evaluate(HELD) == [True]
    await page.page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')  # back from another app
    assert await page.page.evaluate(HELD) == [True, True]
    await page.hang_up()
    assert (await page.page.evaluate(HELD))[-1] is False
    await page.page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    assert len(await page.page.evaluate(HELD)) == 2


async def test_a_browser_that_cannot_keep_the_screen_awake_calls_all_the_same(visit: Visit) -> None:
    page = await visit(init_script='Object.defineProperty(navigator, "wakeLock", { value: undefined });')
    await page.call()
    await page.hang_up()
