from nicegui import ui

from components.words.page import words

EXAMPLES = ('hear', 'do', 'interesting')


def welcome() -> None:
    """Show what to press and what will happen, while there is no conversation yet."""
    with ui.element('div').classes('welcome'):
        ui.label(words('welcome.title')).classes('welcome__title').props('role=heading aria-level=1')
        ui.label(words('welcome.text')).classes('welcome__text')
        ui.label(words('welcome.hint')).classes('welcome__hint')
        with ui.element('ul').classes('welcome__examples'):
            for example in EXAMPLES:
                with ui.element('li'):
                    ui.label(words(f'welcome.examples.{example}'))
