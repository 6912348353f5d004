"""The sights of Parley, scene by scene: each begins with a fresh visit and takes its pictures on the way."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Locator, expect

from components.settings.personas.link import fragment
from components.settings.personas.persona import Persona
from components.words.language import LANGUAGES
from tests.conversation.transcript import events as e
from tests.e2e.connection.test_relay import WITHOUT_UDP
from tests.e2e.witness import WitnessedPage

from .page import choose, open_dropdown, unfolded
from .parley import ROOT

# Of events that are brought about.
SEEN = {'item_id': 'item_seen', 'previous_item_id': None}

# The microphone is asked for, and nobody answers.
UNANSWERED = 'navigator.mediaDevices.getUserMedia = () => new Promise(() => {});'


@dataclass
class Camera:
    """A visit, and how to take a picture of it by name."""

    page: WitnessedPage
    take: Callable[[str], Awaitable[None]]
    narrow: bool  # the drawers lie over the page

    def find(self, test_id: str) -> Locator:
        return self.page.page.get_by_test_id(test_id)

    async def press(self, test_id: str) -> None:
        await self.find(test_id).click()

    async def settings(self, text: Callable[[str], str] = LANGUAGES['en-US'].text) -> None:
        """Show the settings, which are open on a desktop."""
        if self.narrow:
            await self.page.page.get_by_role('button', name=text('page.settings')).click()
            await expect(self.find('settings-persona')).to_be_in_viewport()

    async def leave_settings(self) -> None:
        if self.narrow:
            await self._tap_beside(350)
            await expect(self.find('settings-persona')).not_to_be_in_viewport()

    async def status(self) -> None:
        await self.page.page.get_by_role('button', name='Call status').click()
        await expect(self.find('ladder')).to_be_in_viewport()

    async def leave_status(self) -> None:
        if self.narrow:
            await self._tap_beside(10)
        else:
            await self.page.page.get_by_role('button', name='Call status').click()
        await expect(self.find('ladder')).not_to_be_in_viewport()

    async def _tap_beside(self, x: float) -> None:
        """Leave a drawer on a phone."""
        await self.page.page.locator('.q-drawer__backdrop:not(.hidden)').click(position={'x': x, 'y': 200})

    async def say(self, text: str) -> None:
        """Write a message, so that the microphone does not matter."""
        await self.find('message-box').fill(text)
        await self.press('send-message')

    async def hear(self, seconds: float) -> None:
        """Wait until the voice was heard for so long."""
        await self.page.page.wait_for_function(
            '(count) => ear.loudness.filter(([, rms]) => rms > 0.01).length > count', arg=seconds * 50
        )


@dataclass(frozen=True)
class Scene:
    """A script to play for pictures.

    `says` is what the microphone hears, see `speech`; `flags` are Chromium's; `context` is what Playwright's contexts
    take; `init_script` runs in every document before its own scripts; `shared` lets others on the network in; `refuses`
    means the microphone.
    """

    name: str
    play: Callable[[Camera], Awaitable[None]]
    says: tuple[str | float, ...] = ()
    flags: Sequence[str] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    init_script: str = ''
    shared: bool = False
    refuses: bool = False


async def idle(camera: Camera) -> None:
    await camera.take('idle')
    await camera.status()
    await camera.take('idle-status')


async def connecting(camera: Camera) -> None:
    await camera.page.press_call()
    await camera.page.wait_state('connecting')
    await camera.take('connecting')


async def conversation(camera: Camera) -> None:
    """Spoken to and answered; the moments that pass too quickly for a picture are brought about by their events."""
    page = camera.page
    await page.call()
    await camera.take('listening')
    await page.wait_turn('user', containing='what can you do')
    await page.wait_turn('assistant')
    await camera.hear(1.0)
    await camera.take('speaking')
    await camera.status()
    await page.wait_logged('session.created')
    await camera.take('speaking-status')
    await page.page.get_by_test_id('event-row').first.locator('summary').click()
    await page.page.get_by_test_id('event-row').first.scroll_into_view_if_needed()
    await camera.take('event')
    await camera.leave_status()
    await page.wait_logged('output_audio_buffer.stopped')
    await page.deliver({'type': 'input_audio_buffer.speech_started', 'audio_start_ms': 0, **SEEN})
    await camera.take('hearing')
    await page.deliver({'type': 'input_audio_buffer.speech_stopped', 'audio_end_ms': 0, **SEEN})
    await page.deliver({'type': 'input_audio_buffer.committed', **SEEN})
    await camera.take('thinking')


async def muted(camera: Camera) -> None:
    await camera.page.call()
    await camera.press('mute')
    await camera.take('muted')
    await expect(camera.page.status_line).to_contain_text('You are muted')
    await camera.take('muted-unheard')


async def push_to_talk(camera: Camera) -> None:
    page = camera.page.page
    await camera.press('push-to-talk')
    await camera.page.call()
    await camera.take('push-to-talk')
    await camera.find('talk').hover()
    await page.mouse.down()
    await expect(camera.find('talk')).to_have_attribute('aria-pressed', 'true')
    await camera.take('push-to-talk-held')
    await page.mouse.up()


async def written(camera: Camera) -> None:
    """A picture was shown, words light up, the answer is stopped, and another message is being written."""
    await camera.settings()
    await (await unfolded(camera.page.page, 'captions')).check()
    await camera.leave_settings()
    await show_picture(camera)
    await camera.say('Tell me about the moon.')
    await camera.hear(1.5)
    await camera.take('captions')
    await camera.press('stop-answer')
    await camera.page.wait_turn('assistant', status='interrupted')
    await expect(camera.page.page.locator('.turn__unheard')).to_be_attached()
    await camera.take('interrupted')
    await show_picture(camera)
    await camera.find('message-box').fill('Thank you. And what about this one?\nIt was taken in the evening.')
    await camera.take('written')


async def show_picture(camera: Camera) -> None:
    await camera.find('picture-file').set_input_files(ROOT / 'assets' / 'screenshot.png')
    await camera.find('message-picture').wait_for()


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


async def refused(camera: Camera) -> None:
    await camera.page.press_call()
    await camera.page.wait_state('failed')
    await camera.take('microphone-refused')
    await camera.press('without-microphone')
    await camera.page.wait_state('live')
    await camera.take('without-microphone')


async def mind(camera: Camera) -> None:
    """The models that can be fetched."""
    await camera.find('mind-offer').get_by_role('button').click()
    await camera.find('mind-machine').wait_for()
    await camera.take('mind')


async def kept(camera: Camera) -> None:
    """Conversations that are kept: gone on with in a second call, listed, searched, and not kept."""
    page = camera.page
    for text in ('How many days are in a week?', 'And how many hours are in a day?'):
        await page.call()
        await camera.say(text)
        await page.wait_voice()
        await page.wait_turn('assistant', status='done')
        await page.hang_up()
    await camera.take('kept-two-calls')
    await camera.press('conversations')
    await camera.find('conversation-row').first.wait_for()
    await camera.take('kept-list')
    await camera.find('search').fill('how many')
    await camera.find('search-hit').first.wait_for()
    await camera.take('kept-search')
    await page.page.get_by_role('button', name=LANGUAGES['en-US'].text('conversations.close'), exact=True).click()
    await camera.settings()
    await (await unfolded(page.page, 'off-the-record')).click()
    await camera.take('off-the-record-settings')
    await camera.leave_settings()
    await camera.take('off-the-record')


async def markdown(camera: Camera) -> None:
    """A finished answer with all that Markdown and formulas have, and a message that is being edited."""
    page = camera.page
    await page.call()
    await camera.say('hello')
    await page.wait_turn('assistant', status='done')
    item = e.message('item_md', 'assistant', {'type': 'output_text', 'text': ANSWER})
    for event in (e.created('resp_md'), e.output_added('resp_md', item), e.done(item), e.finished('resp_md', item)):
        await page.deliver(event)
    await expect(page.page.locator('.formatted')).to_be_visible()
    await camera.take('markdown')
    await page.page.locator('.formatted table').scroll_into_view_if_needed()
    await camera.take('markdown-table')
    await page.page.get_by_test_id('turn').first.scroll_into_view_if_needed()
    await page.page.get_by_test_id('turn-edit').first.press('Enter')
    await page.page.get_by_test_id('turn-editor').fill('hello, what is the area of a circle?')
    await camera.take('editing')


ANSWER = r"""## The area of a circle
For a radius $r$ it is $A = \pi r^2$, since

\[ A = \int_0^r 2 \pi x \, dx = \frac{2 \pi r^2}{2}. \]

1. **Measure** the radius.
2. *Square* it, then multiply by `math.pi`:

```python
import math
print(math.pi * 2 ** 2)  # 12.566
```

| radius | area |
|---|--:|
| 1 | 3.14 |
| 2 | 12.57 |

> More: [Circle](https://en.wikipedia.org/wiki/Circle)"""


async def recorded(camera: Camera) -> None:
    page = camera.page
    await camera.settings()
    await (await unfolded(page.page, 'record-sound')).click()
    await camera.take('record-settings')
    await camera.leave_settings()
    await page.call()
    await page.wait_turn('assistant', status='done')
    await camera.take('recording')
    await page.wait_voice()
    await page.wait_silence(lasting=1)
    await page.hang_up()
    await camera.find('recording-player').wait_for()
    answer = page.page.locator('[data-testid=turn][data-speaker=assistant]').first
    await answer.click()
    await answer.get_by_test_id('turn-time').click()
    await expect(answer).to_have_attribute('data-playing', '')
    await camera.take('recording-played')


async def relayed(camera: Camera) -> None:
    await camera.page.call()
    await camera.find('call-way').wait_for(state='attached')  # the shortest screens have no room for it
    await camera.take('relayed')
    await camera.status()
    await camera.page.wait_logged('session.created')
    await camera.take('relayed-status')


async def blocked(camera: Camera) -> None:
    await camera.settings()
    await camera.page.choose_transport('webrtc')
    await camera.leave_settings()
    await camera.page.press_call()
    await camera.page.wait_state('failed', within=40)
    await camera.take('network-blocked')
    await camera.status()
    await camera.take('network-blocked-status')


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


ADA = {
    'name': 'Ada',
    'tagline': 'Thinks in steps, and counts them aloud',
    'greeting': 'Hello, I am Ada. What shall we work out together?',
    'instructions': 'You are Ada, who loves numbers.\nAnswer in small steps, and number them.\n' * 4,
}


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


SCENES = [
    Scene('idle', idle),
    Scene('connecting', connecting, init_script=UNANSWERED),
    Scene('conversation', conversation, says=(2.0, 'what_can_you_do', 1.0)),
    Scene('muted', muted, says=(3.0, 'moon', 1.0, 'hello', 1.0, 'moon')),
    Scene('push-to-talk', push_to_talk, says=(2.0, 'moon', 1.0, 'hello', 1.0, 'moon')),
    Scene('written', written),
    Scene('changes', changes),
    Scene('refused', refused, refuses=True, context={'permissions': []}),
    Scene('mind', mind),
    Scene('kept', kept),
    Scene('markdown', markdown),
    Scene('recorded', recorded, says=(3.0, 'hello', 20.0)),
    Scene('relayed', relayed, flags=tuple(WITHOUT_UDP)),
    Scene('blocked', blocked, flags=tuple(WITHOUT_UDP)),
    Scene('settings', settings),
    Scene('personas', personas),
    Scene('preview', preview),
    Scene('sheets', sheets, says=(0.4, 'what_can_you_do', 'what_can_you_do')),
    Scene('sharing', sharing),
    Scene('shared', shared, shared=True),
    Scene('zh', in_language('zh-CN'), context={'locale': 'zh-CN'}),
    Scene('ja', in_language('ja'), context={'locale': 'ja-JP'}),
]
