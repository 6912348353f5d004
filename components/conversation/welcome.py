from nicegui import ui

TRY_SAYING = ['Hello, can you hear me?', 'What can you do?', 'Tell me something interesting.']


def welcome() -> None:
    """Show what to press and what will happen, while there is no conversation yet."""
    with ui.element('div').classes('welcome'):
        ui.label('Talk with an AI, out loud.').classes('welcome__title').props('role=heading aria-level=1')
        ui.label(
            'Press the round button, allow the microphone and speak. You hear the answer at once, '
            'both sides appear here as text, and you may interrupt whenever you like.'
        ).classes('welcome__text')
        ui.label('For example:').classes('welcome__hint')
        with ui.element('ul').classes('welcome__examples'):
            for example in TRY_SAYING:
                with ui.element('li'):
                    ui.label(example)
