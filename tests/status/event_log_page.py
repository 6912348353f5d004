"""A page with only an event log. Posts to `/add` and `/begin-call` call its methods."""

from typing import Any

from nicegui import app, ui

from components.call.reports import EventRecord
from components.status.event_log import EventLog
from tests.widget_page import serve

logs: list[EventLog] = []


@ui.page('/')
def page() -> None:
    logs[:] = [EventLog()]


@app.post('/add')
def add(records: list[dict[str, Any]]) -> None:
    for log in logs:
        log.add([EventRecord(**record) for record in records])


@app.post('/begin-call')
def begin_call() -> None:
    for log in logs:
        log.begin_call()


if __name__ == '__main__':
    serve()
