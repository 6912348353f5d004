from nicegui.testing import User
from starlette.types import Message, Receive, Scope, Send

from components.page.afterwards import KEY, Afterwards
from components.settings.personas.picker import PersonaPicker


async def test_what_is_left_for_later_is_built_once_the_response_is_sent() -> None:
    order: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope[KEY].append(lambda: order.append('built'))
        await send({'type': 'http.response.body'})

    async def send(message: Message) -> None:
        order.append('sent')

    async def receive() -> Message:
        raise AssertionError('nobody asks')

    await Afterwards(app)({'type': 'http'}, receive, send)
    assert order == ['sent', 'built']


async def test_the_settings_are_built_after_the_html_and_before_the_browser_connects(user: User) -> None:
    html = (await user.http_client.get('/')).text
    assert 'nicegui-voice_call' in html
    assert 'settings-persona' not in html
    await user.open('/')
    user.find(PersonaPicker)
