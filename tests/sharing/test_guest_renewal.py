"""A guest's call is renewed like the host's, and counts as the same call."""

from playwright.async_api import expect

from components.engine.limits import Limits
from tests.e2e.stand_in import KEY, StandIn

from .shared import Join, ShareParley


async def test_a_guests_call_is_renewed_before_its_session_ends(share_parley: ShareParley, join: Join) -> None:
    async with StandIn(limits=Limits(session_seconds=240)) as service:
        shared = await share_parley(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=service.base_url, PARLEY_GUEST_CALLS='1')
        guest = await join(shared, 'Ana')
        await guest.page.clock.install()
        await guest.call()
        await guest.page.clock.fast_forward(180_000)
        await guest.page.wait_for_function('witness.received.filter(({type}) => type === "session.created").length > 1')
        assert await guest.state() == 'live'
        assert 'Connection lost. Reconnecting …' not in await guest.sentences()
        box = guest.page.get_by_role('textbox', name='Message')
        await box.fill('Hello.')
        await box.press('Enter')
        await guest.wait_turn('assistant', status='done')
        await expect(guest.page.get_by_test_id('call-timer')).to_contain_text('↻ 03:')
        assert service.calls == 1  # the first session's is over
