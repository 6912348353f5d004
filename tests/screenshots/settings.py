"""Scenes of the settings: their sections, personas, the models of this computer, other languages."""

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from components.settings.personas.link import fragment
from components.settings.personas.persona import Persona
from components.words.language import LANGUAGES
from tests.page import choose, open_dropdown

from .camera import Camera


async def settings(camera: Camera) -> None:
    await camera.settings()
    await camera.take('settings')
    await open_dropdown(camera.find('settings-persona'))
    await camera.take('settings-persona-cards')
    await camera.page.page.keyboard.press('Escape')
    await expect(camera.page.page.get_by_role('listbox')).to_have_count(0)
    await camera.find('help-button').first.click()
    await camera.take('settings-help')
    await camera.find('help-button').first.click()
    await choose(camera.find('settings-persona'), 'Calm coach')
    await camera.press('settings-voice')
    await camera.page.page.get_by_role('listbox').wait_for()
    await camera.take('settings-voices')
    await camera.page.page.keyboard.press('Escape')
    for title, last in (
        ('Provider and model', 'settings-model'),
        ('Answers', 'settings-answer-length'),
        ('Turn taking', 'settings-interruption'),
        ('More', 'settings-transport'),
        ('Display and privacy', 'off-the-record'),
    ):
        fold = camera.page.page.get_by_text(title, exact=True)
        if not await camera.find(last).is_visible():  # that of the provider stands open while its key is missing
            await fold.click()
        await camera.find(last).scroll_into_view_if_needed()
        await camera.take(f'settings-{title.lower().replace(" ", "-")}')
        await fold.click()


async def changes(camera: Camera) -> None:
    """In a call, other settings: silent answers, and a voice that needs a new call; then the call ends."""
    page = camera.page
    await camera.say('hello')
    await camera.hear(0.2)  # from then on, the voice is fixed
    await camera.settings()
    await page.page.get_by_text('Answers', exact=True).click()
    await choose(camera.find('settings-output'), 'Text only')
    await choose(camera.find('settings-voice'), 1)
    await camera.find('new-call-offer').wait_for()
    await camera.take('new-call-offer')
    await camera.leave_settings()
    await camera.say('What can you do?')
    await page.wait_turn('assistant', containing='I can tell you', status='done')
    await camera.take('text-only')
    await page.hang_up()
    await camera.take('ended')


async def personas(camera: Camera) -> None:
    await camera.settings()
    await camera.press('persona-new')
    await camera.find('persona-name').wait_for()
    await camera.take('persona-new')
    await camera.press('persona-save')
    await camera.take('persona-problems')
    for name, text in ADA.items():
        await camera.find(f'persona-{name}').fill(text)
    await camera.press('persona-save')
    await expect(camera.page.page.get_by_role('dialog')).to_have_count(0)
    await camera.press('persona-edit')
    await camera.find('persona-name').wait_for()
    await camera.take('persona-edit')
    await camera.page.page.get_by_role('button', name='Cancel').click()
    await camera.press('persona-more')
    await camera.find('persona-delete').wait_for()
    await camera.take('persona-menu')
    await camera.press('persona-share-link')
    await camera.page.page.get_by_role('button', name='Copy link').click()
    await camera.take('persona-share')
    await camera.page.page.get_by_role('button', name='Done').click()
    await camera.press('persona-more')
    await camera.press('persona-delete')
    await expect(camera.find('persona-note')).to_contain_text('Ada')
    await camera.take('persona-deleted')


async def preview(camera: Camera) -> None:
    persona = Persona('', ADA['name'], ADA['tagline'], ADA['instructions'], 'ash', '', ADA['greeting'])
    page = camera.page.page
    await page.goto(f'{camera.page.url}#persona={fragment(persona)}')
    await page.get_by_role('button', name='Keep it').wait_for()
    await camera.take('persona-preview')
    await page.get_by_role('button', name='Keep it').click()
    await expect(camera.find('persona-note')).to_be_in_viewport()
    await camera.take('persona-kept')


async def mind(camera: Camera) -> None:
    """The models that can be fetched."""
    await camera.find('mind-offer').get_by_role('button').click()
    await camera.find('mind-machine').wait_for()
    await camera.take('mind')


def in_language(code: str) -> Callable[[Camera], Awaitable[None]]:
    async def play(camera: Camera) -> None:
        text = LANGUAGES[code].text
        await camera.take(f'{code}-idle')
        await camera.settings(text)
        await camera.page.page.get_by_text(text('panel.titles.turn_taking'), exact=True).click()
        await camera.find('settings-interruption').scroll_into_view_if_needed()
        await camera.take(f'{code}-settings')
        await camera.leave_settings()
        await camera.say('hello')
        await camera.page.wait_turn('assistant', status='done')
        await camera.take(f'{code}-live')

    return play


ADA = {
    'name': 'Ada',
    'tagline': 'Thinks in steps, and counts them aloud',
    'greeting': 'Hello, I am Ada. What shall we work out together?',
    'instructions': 'You are Ada, who loves numbers.\nAnswer in small steps, and number them.\n' * 4,
}
