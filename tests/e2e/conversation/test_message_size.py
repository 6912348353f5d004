"""Events that are longer than the other side of a data channel takes: refused before they are sent, with a sentence."""

from playwright.async_api import expect

from components.words.language import ENGLISH
from tests.e2e.conftest import Visit
from tests.e2e.conversation.test_showing import choose, longest, note, picture, thumbnails
from tests.e2e.conversation.test_writing import box, write

# Lets a service announce another `a=max-message-size` in its answer.
ANNOUNCE = """
    const set = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        return set.call(this, { type, sdp: sdp.replace(/a=max-message-size:.*\\r\\n/, %r) });
    };
"""


async def test_what_does_not_fit_is_refused_or_made_smaller_and_the_call_goes_on(visit: Visit) -> None:
    page = await visit(init_script=ANNOUNCE % 'a=max-message-size:16384\r\n')
    await write(page, 'あ' * 6_000)
    await expect(note(page)).to_have_text(ENGLISH.section('message_box')['too_long'])
    await expect(box(page)).to_have_value('あ' * 6_000)
    assert await page.state() == 'live'
    await box(page).fill('')

    instructions = await page.setting('instructions')
    before = await instructions.input_value()
    await instructions.fill('x' * 40_000)
    await expect(page.page.get_by_test_id('notice')).to_have_attribute('data-code', 'message_too_long')
    await expect(instructions).to_have_value(before)

    await choose(page, await picture(page, 'noise.png', 1000, 750))
    await write(page, 'What is that?')
    await page.wait_turn('assistant', containing='cannot see pictures', status='done')
    await expect(thumbnails(page)).to_have_count(0)
    assert 2_000 < await longest(page) <= 16_384
    assert await page.refusals() == {'message_too_long'}, 'as the service would have said it'


async def test_a_service_that_announces_no_limit_has_the_one_of_the_standard(visit: Visit) -> None:
    page = await visit(init_script=ANNOUNCE % '')
    await page.call()
    await choose(page, *[await picture(page, f'{number}.png', 400, 400) for number in range(4)])
    await expect(thumbnails(page)).to_have_count(4)
    await write(page, 'What are these?')
    await expect(page.page.get_by_role('img', name='Picture 4 of 4')).to_be_visible()
    assert 20_000 < await longest(page) <= 65_536
