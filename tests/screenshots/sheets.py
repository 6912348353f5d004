"""Scenes of the sheets, and of sharing."""

from playwright.async_api import expect

from .camera import Camera


async def sheets(camera: Camera) -> None:
    page = camera.page.page
    await camera.press('sound')
    await camera.take('sound')
    await camera.press('check-run')
    await expect(camera.find('check')).to_have_attribute('data-verdict', 'good')
    await camera.find('check').scroll_into_view_if_needed()
    await camera.take('sound-checked')
    await page.keyboard.press('Escape')
    if not camera.narrow:
        await camera.press('help')
        await camera.take('help')
        await page.keyboard.press('Escape')
    await camera.press('camera')
    await expect(camera.find('take-picture')).to_be_enabled()
    await camera.take('camera')


async def sharing(camera: Camera) -> None:
    await camera.page.page.get_by_role('button', name='Share on the network').click()
    await camera.find('share-sheet').wait_for()
    await camera.take('not-shared')


async def shared(camera: Camera) -> None:
    """The sheet of a host, and what a guest finds at its address."""
    page = camera.page.page
    await page.get_by_role('button', name='Share on the network').click()
    address = await camera.find('share-address').inner_text()
    await camera.take('shared')
    await page.goto(address)
    await camera.take('joining')
    await page.get_by_label('Your name').fill('Ana')
    await page.get_by_label('Passcode').fill('654321')
    await page.get_by_role('button', name='Join').click()
    await page.get_by_role('alert').wait_for()
    await camera.take('joining-refused')
