"""A page with only a chat in a small frame. Events posted to `/events` are applied to its transcript."""

from nicegui import app, ui

from components.conversation.chat import Chat
from components.conversation.transcript.transcript import Transcript
from tests.conversation.transcript.events import Event
from tests.conversation.transcript.transcripts import apply
from tests.widget_page import serve

ui.add_css(
    """
    .chat { height: 300px; position: relative }
    .chat__region { height: 100%; overflow-y: auto }
    .chat__jump { position: absolute; bottom: 0 }
    """,
    shared=True,
)


@ui.page('/')
def page() -> None:
    transcript = Transcript()
    chat = Chat(empty=lambda: ui.label('Welcome, whoever you are. ' * 200))
    chat.offer_revision(ui.element(), lambda id, text: None)

    def show(events: list[Event]) -> None:
        chat.show(transcript, set[str]().union(*(apply(transcript, event, at=1_000) for event in events)))

    app.state.show, app.state.seek = show, chat.seek


@app.post('/events')
async def events(events: list[Event]) -> None:
    app.state.show(events)


@app.post('/seek/{item_id}')
def seek(item_id: str) -> bool:
    found: bool = app.state.seek(item_id)
    return found


if __name__ == '__main__':
    serve()
