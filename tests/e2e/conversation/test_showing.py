"""Showing pictures in a call: chosen, pasted, dropped, or taken with the camera."""

from base64 import b64decode
from typing import Any, Literal

import pytest
from playwright.async_api import FilePayload, Locator, expect

from tests.e2e.conftest import Visit
from tests.e2e.conversation.test_writing import PHONE, box
from tests.e2e.witness import WitnessedPage


@pytest.mark.parametrize(('transport', 'device'), [('webrtc', PHONE), ('relay', {})], ids=['phone', 'relay'])
async def test_a_chosen_picture_is_shown_in_the_conversation(visit: Visit, device: dict[str, Any]) -> None:
    page = await visit(**device)
    await choose(page, await picture(page, 'holiday.png', 1200, 900))
    await expect(thumbnails(page)).to_have_count(1)
    await box(page).fill('What is that?')
    await box(page).press('Enter')
    await page.wait_turn('user', containing='What is that?', status='done')
    await page.wait_turn('assistant', containing='cannot see pictures', status='done')
    await expect(thumbnails(page)).to_have_count(0)

    shown = page.page.get_by_role('img', name='Picture 1 of 1')
    await expect(shown).to_have_count(1)
    await expect(shown).to_be_visible()
    size = await shown.evaluate('async (image) => (await image.decode(), [image.naturalWidth, image.naturalHeight])')
    assert size == [768, 576]
    assert 20_000 < await longest(page) < 180_000
    assert await page.refusals() == set()


async def test_several_pictures_share_one_message(visit: Visit) -> None:
    page = await visit()
    await page.call()
    await choose(page, *[await picture(page, f'{number}.png', 400, 400) for number in range(5)])
    await expect(note(page)).to_have_text('One message can show 4 pictures. Send these, then add more.')
    await page.page.get_by_role('button', name='Remove picture 4').click()
    await expect(thumbnails(page)).to_have_count(3)
    await page.page.get_by_test_id('send-message').click()
    await expect(page.page.get_by_role('img', name='Picture 3 of 3')).to_be_visible()
    assert 20_000 < await longest(page) < 180_000


@pytest.mark.parametrize('way', ['paste', 'drop'])
async def test_a_picture_may_be_pasted_or_dropped(visit: Visit, way: Literal['paste', 'drop']) -> None:
    page = await visit()
    await hand_over(page, way, await picture(page, 'cat.png', 40, 30))
    await expect(thumbnails(page)).to_have_count(1)
    await hand_over(page, way, FilePayload(name='report.pdf', mimeType='application/pdf', buffer=b'%PDF-'))
    await expect(note(page)).to_have_text('“report.pdf” is not a picture. Choose a photo or a screenshot.')
    await expect(thumbnails(page)).to_have_count(1)


async def test_text_is_pasted_as_text(visit: Visit) -> None:
    page = await visit()
    await box(page).evaluate("""(box) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", "words");
        const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        window.left = box.dispatchEvent(event); // to the browser
    }""")
    assert await page.page.evaluate('left')


async def test_a_file_that_only_claims_to_be_a_picture_gets_a_plain_sentence(visit: Visit) -> None:
    page = await visit()
    await choose(page, FilePayload(name='broken.png', mimeType='image/png', buffer=b'no picture'))
    await expect(note(page)).to_contain_text('“broken.png” cannot be opened as a picture.')
    await expect(thumbnails(page)).to_have_count(0)


async def test_a_picture_is_taken_with_the_camera(visit: Visit) -> None:
    page = await visit(permissions=['microphone', 'camera'])
    await page.page.get_by_test_id('camera').click()
    await page.page.get_by_test_id('take-picture').click()
    await expect(thumbnails(page)).to_have_count(1)
    await expect(page.page.get_by_role('dialog')).to_have_count(0)
    assert await page.microphones() == ['ended']  # all that was ever opened: the camera


async def test_without_a_camera_there_is_a_sentence(visit: Visit) -> None:
    page = await visit()
    await page.page.evaluate("""() => {
        navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("None.", "NotFoundError"); };
    }""")
    await page.page.get_by_test_id('camera').click()
    await expect(page.page.get_by_role('alert')).to_contain_text('No camera can be used.')
    await page.page.get_by_role('button', name='Cancel').click()
    await expect(page.page.get_by_role('dialog')).to_have_count(0)


def thumbnails(page: WitnessedPage) -> Locator:
    return page.page.get_by_test_id('message-picture')


def note(page: WitnessedPage) -> Locator:
    return page.page.get_by_test_id('message-note')


async def longest(page: WitnessedPage) -> int:
    """The bytes of the longest event that the page has sent."""
    return int(
        await page.page.evaluate('Math.max(...witness.sent.map((event) => new Blob([JSON.stringify(event)]).size))')
    )


async def choose(page: WitnessedPage, *files: FilePayload) -> None:
    await page.page.get_by_test_id('picture-file').set_input_files(list(files))


async def picture(page: WitnessedPage, name: str, width: int, height: int) -> FilePayload:
    """Coloured noise, which hardly any compression makes smaller."""
    url = await page.page.evaluate(
        """([width, height]) => {
            const canvas = Object.assign(document.createElement("canvas"), { width, height });
            const context = canvas.getContext("2d", { alpha: false });
            const image = context.createImageData(width, height);
            for (let at = 0; at < image.data.length; at += 65536) // the most that a browser draws at once
                crypto.getRandomValues(image.data.subarray(at, at + 65536));
            context.putImageData(image, 0, 0);
            return canvas.toDataURL("image/png");
        }""",
        [width, height],
    )
    return FilePayload(name=name, mimeType='image/png', buffer=b64decode(url.partition(',')[2]))


async def hand_over(page: WitnessedPage, way: str, file: FilePayload) -> None:
    await box(page).evaluate(
        """(box, { way, name, type, bytes }) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
            const bubbling = { bubbles: true, cancelable: true };
            const event = way === "paste"
                ? new ClipboardEvent("paste", { clipboardData: transfer, ...bubbling })
                : new DragEvent("drop", { dataTransfer: transfer, ...bubbling });
            box.dispatchEvent(event);
        }""",
        {'way': way, 'name': file['name'], 'type': file['mimeType'], 'bytes': list(file['buffer'])},
    )
