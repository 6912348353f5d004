"""A page with nothing but a chat in a small frame; events posted to `/events` come into its transcript."""

from nicegui import app, ui

from components.conversation.chat import Chat
from components.conversation.transcript import Transcript
from tests.widget_page import serve

from .events import Event

ui.add_css(
    """
    .follow-end { height: 300px; position: relative }
    .follow-end__region { height: 100%; overflow-y: auto }
    .follow-end__button { position: absolute; bottom: 0 }
    """,
    shared=True,
)


@ui.page('/')
def page() -> None:
    transcript = Transcript()
    chat = Chat(empty=lambda: ui.label('Welcome, whoever you are. ' * 200))

    def tell(events: list[Event]) -> None:
        chat.show(transcript, set[str]().union(*map(transcript.apply, events)))

    app.state.tell = tell


@app.post('/events')
def events(events: list[Event]) -> None:
    app.state.tell(events)


if __name__ == '__main__':
    serve()
