"""A page with only the timer of calls, and buttons for what the page of Parley tells it."""

import time

from nicegui import ui

from components.status.call_timer import CallTimer
from tests.widget_page import serve


@ui.page('/')
def page() -> None:
    timer = CallTimer()
    ui.button('start', on_click=timer.start)
    ui.button('stop', on_click=timer.stop)
    ui.button('expires in 400 s', on_click=lambda: timer.expire(time.time() + 400))
    ui.button('never expires', on_click=lambda: timer.expire(None))


if __name__ == '__main__':
    serve()
