"""The advice of a dashboard that was opened in a way from which Parley takes no sockets."""

from playwright.async_api import Route, expect

from tests.conftest import OpenPage
from tests.parley import Parley


async def test_a_page_that_comes_through_an_unknown_proxy_says_what_to_do(parley: Parley, open_page: OpenPage) -> None:
    page = await open_page()

    async def proxy(route: Route) -> None:
        await route.fulfill(response=await page.context.request.get(parley.url))

    await page.route('http://talk.test/', proxy)
    await page.goto('http://talk.test/')
    await expect(page.get_by_test_id('unknown-proxy')).to_contain_text('--behind-proxy http://talk.test')
    await page.goto(parley.url)
    await expect(page.get_by_test_id('call-button')).to_be_visible()
    await expect(page.get_by_test_id('unknown-proxy')).to_have_count(0)
