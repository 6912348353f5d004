"""The joining page in a browser: which certificate and which steps a device is offered."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.conftest import OpenPage

from .house import ORIGIN, PASSCODE, House

pytestmark = pytest.mark.asyncio(loop_scope='session')

MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26.0 Safari/605.1.15'
IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile Safari/604.1'


@pytest.mark.parametrize(
    ('user_agent', 'touch_points', 'device', 'steps', 'href', 'downloads'),
    [
        (MAC, 0, 'mac', 'macOS', '/join/parley.crt', True),
        (MAC, 5, 'ipad', 'iPhone and iPad', '/join/parley.mobileconfig', False),  # an iPad claims to be a Mac
        (IPHONE, 5, 'iphone', 'iPhone and iPad', '/join/parley.mobileconfig', False),
    ],
)
async def test_a_device_is_offered_its_own_certificate_and_steps(
    open_page: OpenPage, user_agent: str, touch_points: int, device: str, steps: str, href: str, downloads: bool
) -> None:
    house = House()
    touch = f'Object.defineProperty(navigator, "maxTouchPoints", {{ get: () => {touch_points} }});'
    page = await open_page(init_script=touch, user_agent=user_agent)
    await serve(house, page, user_agent)
    await page.goto(f'{ORIGIN}/join')
    await expect(page.locator('details[open] summary')).to_have_text([steps])
    certificate = page.get_by_role('link', name='Get the certificate')
    await expect(certificate).to_have_attribute('href', href)
    assert (await certificate.get_attribute('download') is not None) == downloads

    await page.get_by_label('Your name').fill('Ana')
    await page.get_by_label('Passcode').fill(PASSCODE)
    await page.get_by_role('button', name='Join').click()
    await expect(page.get_by_text('inside: Ana')).to_be_visible()
    assert [guest.device for guest in house.guests.all] == [device]


async def test_a_link_to_a_persona_is_kept_while_its_reader_joins(open_page: OpenPage) -> None:
    house = House()
    page = await open_page(user_agent=MAC)
    await serve(house, page, MAC)
    await page.goto(f'{ORIGIN}/join#persona=abc')
    await expect(page.get_by_label('Passcode')).to_have_value('')
    for passcode in ('wrong', PASSCODE):
        await page.get_by_label('Your name').fill('Ana')
        await page.get_by_label('Passcode').fill(passcode)
        await page.get_by_role('button', name='Join').click()
        await expect(page).to_have_url(f'{ORIGIN}/join#persona=abc')  # what a redirect leads to inherits it
    await expect(page.get_by_text('inside: Ana')).to_be_visible()


async def serve(house: House, page: Page, user_agent: str) -> None:
    """Let the page's requests reach the house; redirects are followed here, since none leave the browser."""
    browser = house.browser()
    browser.follow_redirects = True
    browser.headers['User-Agent'] = user_agent

    async def answer(route: Route) -> None:
        request = route.request
        headers = {'Origin': ORIGIN} if request.method == 'POST' else {}
        response = browser.request(request.method, request.url, content=request.post_data_buffer, headers=headers)
        headers = {'Content-Type': response.headers['content-type']}
        await route.fulfill(status=response.status_code, headers=headers, body=response.content)

    await page.route('**/*', answer)
