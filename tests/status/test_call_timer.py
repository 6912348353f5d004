"""The timer counts while the call is live, and then keeps showing its last time."""

import re

from playwright.async_api import Page, expect

PROGRAM = 'tests/status/call_timer_page.py'


async def test_the_timer_counts_from_the_start_of_a_call_to_its_end(widget_page: Page) -> None:
    timer, clock = widget_page.get_by_test_id('call-timer'), widget_page.clock
    await clock.install(time=0)
    await clock.pause_at(60)

    async def press(name: str) -> None:
        await widget_page.get_by_role('button', name=name, exact=True).click()

    async def told(prop: str) -> None:
        """Wait until Python has told the browser; its clock stands still meanwhile."""
        await widget_page.wait_for_function(f'Object.values(mounted_app.elements).some(({{ props }}) => {prop})')

    await press('stop')  # a call that was never live
    await expect(timer).to_have_text('')
    await press('start')
    await expect(timer).to_have_text('00:00')
    await clock.run_for(65_900)
    await expect(timer).to_have_text('01:05')
    await press('start')  # the call was recovered
    await press('expires in 400 s')
    await told('props.left > 0')
    await clock.run_for(110_000)
    await expect(timer).to_have_text(re.compile(r'^↻ 04:(49|50)$'))
    await expect(timer).to_have_attribute('title', re.compile(r'ends this session in 04:(49|50)\.'))
    await press('never expires')
    await expect(timer).to_have_text('02:55')
    await clock.fast_forward(3_600_000)
    await expect(timer).to_have_text('1:02:55')
    await press('stop')
    await told('props.counting === false')
    await clock.fast_forward(60_000)
    await expect(timer).to_have_text('1:02:55')
    await press('start')
    await expect(timer).to_have_text('00:00')
