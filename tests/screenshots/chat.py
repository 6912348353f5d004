"""Scenes of the chat: written messages, pictures, Markdown, conversations that are kept."""

from playwright.async_api import expect

from components.words.language import LANGUAGES
from tests.conversation.transcript import events as e
from tests.page import unfolded
from tests.parley import ROOT

from .camera import Camera


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


async def show_picture(camera: Camera) -> None:
    await camera.find('picture-file').set_input_files(ROOT / 'assets' / 'screenshot.png')
    await camera.find('message-picture').wait_for()


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
