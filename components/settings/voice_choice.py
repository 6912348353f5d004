"""Which voice the AI has: the dropdown, and a button to listen to it where the provider has samples."""

from nicegui import ui

from components.widgets.icon_button import IconButton
from components.words.page import words

from .catalogue import CATALOGUES
from .form import Form
from .settings import Settings
from .voice_samples import sample_url


def voice_choice(form: Form) -> None:
    """Lay out the controls."""
    with ui.element('div').classes('voice'):
        form.choice('voice', _voices)
        sound = ui.audio('', controls=False).props('preload=none').classes('voice__sound')
        listen = IconButton('volume_up', words('panel.listen')).classes('voice__listen')
        listen.props('data-testid=settings-listen')
    without = ui.label(words('panel.no_samples')).classes('settings__hint')

    def show(settings: Settings) -> None:
        sampled = CATALOGUES[settings.provider].voice_samples
        listen.set_visibility(sampled)
        without.set_visibility(not sampled)
        sound.set_source(sample_url(settings.voice))

    def apologise() -> None:
        ui.notify(words('panel.sample_failed'))

    listen.on('click', js_handler=f'() => getElement({sound.id}).play()')  # in the click itself, or Safari stays silent
    sound.on('error', apologise, [])
    form.shows(show)


def _voices(settings: Settings) -> dict[str, str]:
    return {id: voice.label(words) for id, voice in CATALOGUES[settings.provider].voices.items()}
