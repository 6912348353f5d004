"""The settings panel, without a browser; `test_panel_in_browser.py` tests the real thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing import User, UserInteraction

from components.providers.provider import Introduction
from components.settings.panel import SettingsPanel
from components.settings.personas.persona import Persona
from components.settings.personas.personas import BUILT_IN, Personas
from components.settings.personas.picker import PersonaPicker
from components.settings.settings import Settings
from components.widgets.folded import Folded
from components.widgets.help_button import HelpButton

from .unfolding import unfold

pytestmark = pytest.mark.nicegui_main_file('')


OPENAI = Introduction('openai', 'OpenAI', 'Calls are billed', available=True)
NO_OPENAI = Introduction('openai', 'OpenAI', 'Write your key after OPENAI_API_KEY=', available=False)
Providers = Sequence[Introduction]
ENGINE = Introduction('engine', 'Parley engine', 'A rehearsal partner', available=True)


@dataclass
class Room:
    """A page that contains only the panel, and all changes that it reported."""

    user: User
    changes: list[Settings] = field(default_factory=list)
    personas: Personas = field(default_factory=Personas)

    async def open(
        self, settings: Settings | None = None, providers: Sequence[Introduction] = (OPENAI, ENGINE)
    ) -> None:
        @ui.page('/')
        def page() -> None:
            self.panel = SettingsPanel(settings or Settings(), providers, self.personas, self.changes.append)
            unfold(ui.context.client)

        await self.user.open('/')

    def choose(self, test_id: str, option: str) -> None:
        select = self.control(test_id)
        UserInteraction(self.user, {select}, None).click()
        UserInteraction(self.user, {select}, option).click()

    @property
    def picker(self) -> PersonaPicker:
        with self.user:
            (picker,) = ElementFilter(kind=PersonaPicker)
        return picker

    def choose_persona(self, persona: Persona) -> None:
        UserInteraction(self.user, {self.picker}, None).trigger('choose', persona.id)

    def edit(self, text: str) -> None:
        box = self.control('settings-instructions')
        UserInteraction(self.user, {box}, None).clear().type(text)

    def slide(self, test_id: str, value: float) -> None:
        """Drag a slider to a value and release it."""
        slider = UserInteraction(self.user, {self.control(test_id)}, None)
        slider.trigger('input', value).trigger('change', value)

    def shown(self, test_id: str) -> object:
        control = self.control(test_id)
        if control.props.get('type') == 'range':
            return control.props['value']
        assert isinstance(control, ui.select | ui.textarea | ui.switch)
        return control.options[control.value] if isinstance(control, ui.select) else control.value

    def visible(self, test_id: str) -> bool:
        control = self.control(test_id)
        return all(element.visible for element in (control, *control.ancestors()))

    def control(self, test_id: str) -> ui.element:
        with self.user:
            (found,) = (element for element in ElementFilter() if element.props.get('data-testid') == test_id)
        return found


@pytest.fixture
def room(user: User) -> Room:
    return Room(user)


async def test_it_shows_the_settings_it_was_given(room: Room) -> None:
    await room.open(
        Settings(
            persona=BUILT_IN['coach'], voice='cedar', language='ja', instructions='Only rhyme.', transcription=False
        )
    )
    assert room.picker.chosen == BUILT_IN['coach']
    assert room.shown('settings-provider') == 'OpenAI'
    assert room.shown('settings-voice') == 'cedar · grounded'
    assert room.shown('settings-model') == 'gpt-realtime-2.1-mini · fast, low cost'
    assert room.shown('settings-language') == '日本語 · Japanese'
    assert room.shown('settings-instructions') == 'Only rhyme.'
    assert room.shown('settings-transcription') is False
    assert room.shown('settings-transcription-model') == 'gpt-realtime-whisper · text while you speak'
    assert room.shown('settings-turn-detection') == 'A pause ends my turn'
    assert room.shown('settings-noise-reduction') == 'Off'
    assert room.changes == []


@pytest.mark.parametrize(
    ('test_id', 'option', 'changed'),
    [
        ('settings-voice', 'echo · resonant', Settings(voice='echo')),
        ('settings-model', 'gpt-realtime-2.1 · newest, most capable', Settings(model='gpt-realtime-2.1')),
        ('settings-language', 'Français · French', Settings(language='fr')),
        ('settings-transcription-model', 'gpt-transcribe · low cost', Settings(transcription_model='gpt-transcribe')),
        ('settings-turn-detection', 'A finished sentence ends my turn', Settings(turn_detection='semantic_vad')),
        ('settings-reasoning', 'High', Settings(reasoning='high')),
        ('settings-output', 'Text only', Settings(output='text')),
        ('settings-answer-length', 'Short: about 15 seconds', Settings(answer_length='short')),
        ('settings-idle-timeout-s', 'The AI asks after 15 seconds', Settings(idle_timeout_s=15)),
        ('settings-eagerness', 'Patient: lets me think', Settings(eagerness='low')),
        ('settings-noise-reduction', 'Headset or phone', Settings(noise_reduction='near_field')),
    ],
)
async def test_a_choice_is_reported_once(room: Room, test_id: str, option: str, changed: Settings) -> None:
    await room.open()
    room.choose(test_id, option)
    assert room.changes == [changed]
    assert room.panel.settings == changed


async def test_switches_report_their_changes(room: Room) -> None:
    await room.open()
    room.user.find('Transcribe my speech').click()
    room.user.find('Speaking interrupts the AI').click()
    room.user.find('The AI speaks first').click()
    assert room.changes == [
        Settings(transcription=False),
        Settings(transcription=False, interruption=False),
        Settings(transcription=False, interruption=False, greets=True),
    ]


@pytest.mark.parametrize(
    ('test_id', 'value', 'words', 'changed'),
    [
        ('settings-speed', 1.25, '1.25 ×', Settings(speed=1.25)),
        ('settings-silence-ms', 900, '0.9 s', Settings(silence_ms=900)),
        ('settings-threshold', 0.8, 'loud voice only', Settings(threshold=0.8)),
    ],
)
async def test_a_slider_shows_its_value_and_reports_it_when_released(
    room: Room, test_id: str, value: float, words: str, changed: Settings
) -> None:
    await room.open()
    room.slide(test_id, value)
    await room.user.should_see(words)
    assert room.changes == [changed]


async def test_only_settings_that_have_a_meaning_are_shown(room: Room) -> None:
    await room.open()
    for name in ('reasoning', 'speed', 'silence-ms', 'threshold', 'idle-timeout-s'):
        assert room.visible(f'settings-{name}'), name
    assert not room.visible('settings-eagerness')

    room.choose('settings-turn-detection', 'A finished sentence ends my turn')
    assert room.visible('settings-eagerness')
    assert not room.visible('settings-threshold')
    room.choose('settings-model', 'gpt-realtime-1.5 · no reasoning')
    assert not room.visible('settings-reasoning')
    room.choose('settings-output', 'Text only')
    assert not room.visible('settings-speed')


async def test_the_listen_button_is_shown_if_the_provider_has_samples(room: Room) -> None:
    await room.open()
    assert not room.visible('settings-listen')
    await room.user.should_see('No samples for this provider')
    room.choose('settings-provider', 'Parley engine')
    assert room.visible('settings-listen')
    await room.user.should_not_see('No samples for this provider')


async def test_settings_shown_by_the_program_are_not_reported(room: Room) -> None:
    await room.open(Settings(instructions='Only rhyme.'))
    with room.user:
        room.panel.show(Settings(speed=1.5, voice='ash', interruption=False))
    assert room.shown('settings-speed') == 1.5
    assert room.shown('settings-voice') == 'ash · clear'
    assert room.shown('settings-instructions') == BUILT_IN['assistant'].instructions
    assert room.changes == []


async def test_choosing_a_persona_changes_voice_language_and_instructions(room: Room) -> None:
    await room.open(Settings(voice='ash', instructions='Only rhyme.'))
    xiaoyu = BUILT_IN['xiaoyu']
    room.choose_persona(xiaoyu)
    assert room.changes == [Settings(persona=BUILT_IN['xiaoyu'], voice=xiaoyu.voice, language='zh', instructions='')]
    assert room.shown('settings-instructions') == xiaoyu.instructions
    assert room.shown('settings-language') == '中文 · Chinese'
    assert room.picker.chosen == xiaoyu


async def test_instructions_can_be_edited_and_reset(room: Room) -> None:
    await room.open()
    own = BUILT_IN['assistant'].instructions
    assert room.shown('settings-instructions') == own
    await room.user.should_not_see("Reset to the persona's own")

    room.edit('Only rhyme.')
    assert room.panel.settings == Settings(instructions='Only rhyme.')

    room.user.find("Reset to the persona's own").click()
    assert room.panel.settings == Settings()
    assert room.shown('settings-instructions') == own
    await room.user.should_not_see("Reset to the persona's own")


async def test_edited_instructions_can_be_saved_as_an_own_persona(room: Room) -> None:
    await room.open(Settings(instructions='Only rhyme.'))
    room.user.find('Save as my own persona').click()
    UserInteraction(room.user, {room.control('persona-save')}, None).click()
    (own,) = room.personas.own
    assert own.instructions == 'Only rhyme.'
    assert room.panel.settings == Settings(persona=own)
    assert not room.visible('settings-instructions')  # an own persona is edited as a whole


async def test_empty_instructions_are_those_of_the_persona(room: Room) -> None:
    await room.open(Settings(instructions='Only rhyme.'))
    room.edit('  ')
    assert room.panel.settings == Settings()


async def test_another_provider_has_other_models_and_languages(room: Room) -> None:
    await room.open(Settings(persona=BUILT_IN['xiaoyu'], voice='coral', language='zh'))
    room.choose('settings-provider', 'Parley engine')
    assert room.shown('settings-model') == 'rehearsal-1 · practice partner'
    assert room.shown('settings-transcription-model') == 'built-in · English, on this machine'
    assert room.shown('settings-language') == 'English'
    await room.user.should_see('A rehearsal partner')

    room.choose('settings-provider', 'OpenAI')
    assert room.shown('settings-language') == '中文 · Chinese'
    assert [settings.provider for settings in room.changes] == ['engine', 'openai']
    assert room.panel.settings == Settings(persona=BUILT_IN['xiaoyu'], voice='coral', language='zh')


async def test_a_provider_without_a_key_says_what_it_needs(room: Room) -> None:
    await room.open(Settings(provider='engine').fitted(), providers=(NO_OPENAI, ENGINE))
    await room.user.should_see('Write your key after OPENAI_API_KEY=')
    provider = room.control('settings-provider')
    assert isinstance(provider, ui.select)
    assert provider.options == {'engine': 'Parley engine'}


async def test_every_control_says_when_a_change_applies(room: Room) -> None:
    await room.open()
    with room.user:
        shown = sorted(tag.text for tag in ElementFilter(kind=ui.label) if 'setting__when' in tag.classes)
    assert shown == sorted(row.applies.replace('_', ' ') for row in Settings.table().values())


async def test_a_live_call_emphasises_when_changes_apply(room: Room) -> None:
    await room.open()
    assert 'settings--live' not in room.panel.classes
    room.panel.live = True
    assert room.panel.live
    assert 'settings--live' in room.panel.classes
    room.panel.live = False
    assert 'settings--live' not in room.panel.classes


async def test_each_persona_has_a_card_with_a_portrait_and_what_it_is_for(room: Room) -> None:
    await room.open()
    cards = room.picker.props['personas']
    assert [card['id'] for card in cards] == list(BUILT_IN)
    for card in cards:
        assert card['name'] == BUILT_IN[card['id']].name
        assert card['tagline'] == BUILT_IN[card['id']].tagline
        assert card['picture'].startswith('data:image/svg+xml')


async def test_help_is_offered_only_where_there_is_a_choice(room: Room) -> None:
    await room.open(Settings(provider='engine').fitted())
    with room.user:
        helps = {button.props['text']: button.visible for button in ElementFilter(kind=HelpButton)}
    assert helps['How the AI sounds.']
    assert not helps['More capable models understand more; faster ones cost less.']  # there is only one
    room.choose('settings-provider', 'OpenAI')
    with room.user:
        assert all(button.visible for button in ElementFilter(kind=HelpButton))


@pytest.mark.parametrize('approach', ['pointerenter', 'focusin', 'toggle'])
async def test_a_folded_section_is_built_once_when_somebody_approaches_it(user: User, approach: str) -> None:
    built: list[ui.label] = []

    @ui.page('/')
    def page() -> None:
        Folded('More', lambda: built.append(ui.label('Seldom needed')))

    await user.open('/')
    assert not built
    for _ in range(2):
        user.find(Folded).trigger(f'{approach}.once')
    assert len(built) == 1
    await user.should_see('Seldom needed')
