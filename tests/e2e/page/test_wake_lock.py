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


async def test_the_screen_stays_awake_during_a_call(visit: Visit) -> None:
    page = await visit(init_script=LOCKS)
    assert await page.page.evaluate('locks.length') == 0
    await page.call()
    await page.page.wait_for_function('locks.length === 1 && locks[0].held')
    await page.page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')  # back from another app
    await page.page.wait_for_function('locks.length === 2 && locks[1].held')
    await page.hang_up()
    await page.page.wait_for_function('!locks[1].held')
    await page.page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    assert await page.page.evaluate('locks.length') == 2


async def test_a_browser_that_cannot_keep_the_screen_awake_calls_all_the_same(visit: Visit) -> None:
    page = await visit(init_script='Object.defineProperty(navigator, "wakeLock", { value: undefined });')
    await page.call()
    await page.hang_up()
