"""A sentence while the page has lost its connection to Parley, in place of NiceGUI's own box."""

from nicegui import ui

from components.words.language import Text


class LostConnection(ui.element, component='lost_connection.js'):
    """Says that the page has no connection to the program, for as long as that lasts. Sound may go on meanwhile.

    If the program has forgotten the page, it is loaded again as soon as no part of it objects, by preventing the
    default of the window's event `may-reload`.

    Args:
        text: Gives the sentences.
    """

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.props['texts'] = {
            'server_lost': {name: text(f'lost_connection.{name}') for name in ('sentence', 'next_step')},
            'page_forgotten': {
                name: text(f'lost_connection.forgotten.{name}') for name in ('sentence', 'next_step', 'button')
            },
            'reloaded': {'sentence': text('lost_connection.reloaded'), 'next_step': ''},
        }
