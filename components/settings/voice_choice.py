"""The control for the AI's voice: a dropdown, and a button that plays a sample if the provider has samples."""

from nicegui import ui

from components.widgets.icon_button import IconButton
from components.words.page import words

from .form import Form
from .settings import Settings
from .voice_samples import sample_url


def voice_choice(form: Form) -> None:
    """Add the controls."""
    with ui.element('div').classes('voice'):
        form.control('voice')
        sound = ui.audio('', controls=False).props('preload=none').classes('voice__sound')
        listen = IconButton('volume_up', words('panel.listen')).classes('voice__listen')
        listen.props('data-testid=settings-listen')
    without = ui.label(words('panel.no_samples')).classes('settings__hint')

    def show(settings: Settings) -> None:
        sampled = settings.catalogue.voice_samples
        listen.set_visibility(sampled)
        without.set_visibility(not sampled)
        sound.set_source(sample_url(settings.voice))

    def report_failure() -> None:
        ui.notify(words('panel.sample_failed'))

    listen.on('click', js_handler=f'() => getElement({sound.id}).play()')  # Safari plays only within the click itself
    sound.on('error', report_failure, [])
    form.shows(show)
