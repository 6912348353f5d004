"""A page with nothing but one widget, as a program of its own; the fixture `widget_page` opens it."""

from argparse import ArgumentParser
from contextlib import suppress

from nicegui import ui


def serve() -> None:
    """Serve the pages that were declared so far, with the options that Parley would be given."""
    parser = ArgumentParser()
    parser.add_argument('--port', type=int)
    parser.add_argument('--no-browser', action='store_true')
    with suppress(KeyboardInterrupt):
        ui.run(host='127.0.0.1', port=parser.parse_args().port, show=False, reload=False)
