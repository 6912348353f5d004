"""A page with only an event log."""

from nicegui import ui

from components.status.event_log import EventLog
from tests.widget_page import serve


@ui.page('/')
def page() -> None:
    EventLog()


if __name__ == '__main__':
    serve()
