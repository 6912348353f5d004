"""A page with the buttons for conversations and a chat. `/keep` keeps some, and `/?owner=…` is somebody else's."""

from dataclasses import replace

from nicegui import app, ui

from components.conversation.chat import Chat
from components.conversation.transcript.transcript import Transcript
from components.history.export.downloads import Downloads
from components.history.finding import row
from components.history.finding.buttons import conversation_buttons
from components.words.page import declare_language
from tests.history.conversations import BEGAN, answer, conversation, turn
from tests.history.memory import KeptInMemory
from tests.parley import ROOT
from tests.widget_page import serve

history = KeptInMemory()
row.UNDO_S = 600.0  # a busy machine may take longer than a person
app.config.quasar_config['loadingBar'] = {'skipHijack': True}  # as in main.py
app.router.routes.extend(Downloads(history).routes)
for name in ('page', 'chat/conversation', 'chat/turns', 'sheets', 'history'):
    ui.add_css(ROOT / 'assets' / 'styles' / f'{name}.css', shared=True)


@ui.page('/')
async def nothing(owner: str = 'host') -> None:
    await show(owner, 'none')


@ui.page('/c/{id}')
async def opened(id: str, owner: str = 'host', turn: str = '') -> None:
    await show(owner, id, turn)


@ui.page('/new')
def new() -> None:
    ui.label('A new conversation')


async def show(owner: str, id: str, item_id: str = '') -> None:
    declare_language()
    found = await history.load(owner, id)
    with ui.header().classes('top'):
        conversation_buttons(history, owner, id, lambda item_id: chat.seek(item_id))
    with ui.element('main').classes('stage'):
        chat = Chat()
    chat.show(Transcript(found.turns if found else ()))
    if item_id:
        chat.seek(item_id)


@app.post('/keep')
async def keep(topics: list[str], owner: str = 'host', turns: int = 2) -> list[str]:
    """Keep a conversation about each topic, every one newer than the one before. Returns their ids."""
    await history.delete_all(owner)
    ids = []
    for number, topic in enumerate(topics):
        said = [
            say
            for place in range(0, turns, 2)
            for say in (
                turn(f'u{place}', f'Tell me about the {topic}.', number * 100 + place),
                answer(f'a{place}', f'The {topic} is <b>far</b> away, at place {place}.', number * 100 + place + 1),
            )
        ]
        kept = conversation(*said, title=f'The {topic}', persona='Ada')
        kept = replace(kept, entry=replace(kept.entry, updated_at=BEGAN + number * 100))
        ids.append(await history.import_conversation(owner, kept))
    return ids


if __name__ == '__main__':
    serve()
