"""The persona part of the panel, without a browser; `tests/e2e/page/test_personas.py` tests it in one."""

import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing import User, UserInteraction

from components.settings.form import Form
from components.settings.personas.choice import PersonaChoice
from components.settings.personas.editor import PersonaEditor
from components.settings.personas.file import read, write
from components.settings.personas.importer import PersonaDrop, PersonaLinkListener
from components.settings.personas.link import fragment
from components.settings.personas.persona import Persona
from components.settings.personas.personas import BUILT_IN, MOST_OWN, Personas
from components.settings.personas.sheets import PersonaLinkRow
from components.settings.settings import Settings

pytestmark = pytest.mark.nicegui_main_file('')

ADA = Persona('', 'Ada', 'Counts', 'You are Ada.', 'ash', 'en', 'Hello.', 'letter-plum')


@dataclass
class Room:
    """A page that contains only the persona part, and all changes that it reported."""

    user: User
    personas: Personas = field(default_factory=Personas)
    changes: list[Settings] = field(default_factory=list)
    address: str | None = ''

    async def open(self, settings: Settings | None = None) -> None:
        @ui.page('/')
        def page() -> None:
            self.form = Form(settings or Settings(), self.changes.append)
            PersonaChoice(self.form, self.personas, reachable_at=lambda: self.address)

        await self.user.open('/')

    async def open_with(self, *personas: Persona) -> None:
        """Open the page with these own personas, the last one chosen."""
        kept = [self.personas.add(persona) for persona in personas]
        await self.open(Settings(persona=kept[-1], voice=kept[-1].voice, language=kept[-1].language))

    @property
    def chosen(self) -> Persona:
        return self.form.settings.persona

    def press(self, test_id: str) -> None:
        UserInteraction(self.user, {self.control(test_id)}, None).click()

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            UserInteraction(self.user, {self.control(f'persona-{name}')}, None).clear().type(text)

    @property
    def editing(self) -> bool:
        with self.user:
            (editor,) = ElementFilter(kind=PersonaEditor)
        return bool(editor.value)

    def visible(self, test_id: str) -> bool:
        visible: bool = self.control(test_id).visible
        return visible

    def control(self, test_id: str) -> ui.element:
        with self.user:
            (found,) = (element for element in ElementFilter() if element.props.get('data-testid') == test_id)
        return found

    def drop(self, content: str) -> None:
        """Drop a file, as the browser reports it."""
        data = b64encode(content.encode()).decode()
        self.user.find(PersonaDrop).trigger('file', f'data:application/json;base64,{data}')

    def follow(self, link: str) -> None:
        """Open the page by a link, as the browser reports it."""
        self.user.find(PersonaLinkListener).trigger('link', link)


@pytest.fixture
def room(user: User) -> Room:
    return Room(user)


def file(*entries: dict[str, Any]) -> str:
    return json.dumps({'parley_personas': 1, 'personas': entries})


async def test_a_new_persona_is_kept_and_chosen(room: Room) -> None:
    await room.open()
    room.press('persona-new')
    room.write(name='Ada', tagline='Counts', greeting='Hello.', instructions='You are Ada.')
    room.press('persona-save')
    (ada,) = room.personas.own
    assert replace(ada, id='') == replace(ADA, voice='marin', language='', face='letter-slate')
    assert room.changes == [Settings(persona=ada)]
    await room.user.should_see('Ada')


async def test_an_invalid_persona_is_explained_and_not_kept(room: Room) -> None:
    await room.open()
    room.press('persona-new')
    room.write(name='x' * 41)
    room.press('persona-save')
    await room.user.should_see('Name: too long (41 characters, maximum 40).')
    await room.user.should_see('Enter instructions.')
    assert room.personas.own == []

    room.write(name='Ada', instructions='You are Ada.')
    room.press('persona-save')
    assert [persona.name for persona in room.personas.own] == ['Ada']


async def test_the_editor_asks_only_about_unsaved_changes(room: Room) -> None:
    await room.open()
    room.press('persona-new')
    room.user.find('Cancel').click()
    assert not room.editing

    room.press('persona-new')
    room.write(name='Ada', instructions='You are Ada.')
    room.user.find('Cancel').click()
    await room.user.should_see('You have unsaved changes.')
    room.user.find('Keep editing').click()
    await room.user.should_not_see('You have unsaved changes.')
    room.user.find('Cancel').click()
    assert room.editing
    room.user.find('Discard changes').click()
    assert not room.editing
    assert room.personas.own == []


async def test_characters_are_counted(room: Room) -> None:
    await room.open()
    room.press('persona-new')
    room.write(instructions='You are Ada. ')
    assert room.control('persona-instructions').props['hint'] == '12 of 8000 characters'


async def test_customizing_a_built_in_persona_includes_the_changed_settings(room: Room) -> None:
    coach = BUILT_IN['coach']
    await room.open(Settings(persona=coach, voice='cedar', language='fr', instructions='Only rhyme.'))
    assert room.visible('persona-copy')
    assert not room.visible('persona-edit')
    assert not room.visible('persona-delete')
    room.press('persona-copy')
    name = room.control('persona-name')
    assert isinstance(name, ui.input)
    assert name.value == 'Calm coach 2'  # seen before it is saved
    room.press('persona-save')
    (own,) = room.personas.own
    expected = replace(coach, id=own.id, name='Calm coach 2', voice='cedar', language='fr', instructions='Only rhyme.')
    assert own == expected
    assert room.changes == [Settings(persona=own, voice='cedar', language='fr')]


async def test_editing_a_persona_leaves_other_settings_alone(room: Room) -> None:
    await room.open_with(ADA)
    room.form.change(voice='cedar', speed=1.5)
    room.press('persona-edit')
    room.write(instructions='Only rhyme.')
    UserInteraction(room.user, {room.control('persona-language')}, None).click()
    UserInteraction(room.user, {room.control('persona-language')}, 'Français · French').click()
    room.press('persona-save')
    (ada,) = room.personas.own
    assert (ada.instructions, ada.language, ada.voice) == ('Only rhyme.', 'fr', 'ash')
    assert room.changes[-1] == Settings(persona=ada, voice='cedar', speed=1.5, language='fr')


async def test_a_face_is_a_portrait_or_a_letter(room: Room) -> None:
    await room.open_with(ADA)
    room.press('persona-edit')
    with room.user:
        faces = [element for element in ElementFilter() if 'faces__face' in element.classes]
    assert [face.props['aria-label'] for face in faces if face.props['aria-pressed'] == 'true'] == [
        'First letter, colour 2'
    ]
    UserInteraction(room.user, {faces[1]}, None).click()
    room.press('persona-save')
    assert room.chosen.face == 'coach'


async def test_deleting_a_persona_can_be_undone(room: Room) -> None:
    await room.open_with(ADA)
    before = room.form.settings
    room.press('persona-delete')
    assert room.personas.own == []
    assert room.chosen == BUILT_IN['assistant']
    await room.user.should_see('Ada was deleted. You now talk with Assistant.')
    room.user.find('Undo').click()
    assert room.form.settings == before
    assert room.personas.own == [before.persona]
    await room.user.should_not_see('Ada was deleted')


async def test_importing_a_file_adds_personas_without_choosing_one(room: Room) -> None:
    await room.open()
    room.drop(write([ADA, replace(ADA, name='Bob')]))
    await room.user.should_see('2 personas were added.')
    assert room.changes == []
    room.drop(write([ADA, replace(ADA, name='Cid')]))
    await room.user.should_see('Cid was added to your personas. One was already there.')
    room.user.find('Talk with Cid').click()
    assert room.chosen.name == 'Cid'


async def test_problems_of_a_file_are_explained(room: Room) -> None:
    await room.open()
    room.drop('{')
    await room.user.should_see("This isn't a valid JSON file")
    room.drop(file({**ADA.to_plain(), 'voice': 'hal'}, {}, *[{}] * 4, ADA.to_plain()))
    await room.user.should_see('Ada was added to your personas.')
    await room.user.should_see('Not imported: Ada. Voice: unknown value.')
    await room.user.should_see('Not imported: entry 2. Enter a name. Enter instructions.')
    await room.user.should_see('3 more were not imported.')
    room.user.find(PersonaDrop).trigger('tooLarge')
    await room.user.should_see('This file is too large')
    assert len(room.personas.own) == 1


async def test_the_exported_file_holds_all_own_personas(room: Room) -> None:
    await room.open_with(ADA, replace(ADA, name='Bob'))
    room.press('persona-export')
    response = await room.user.download.next()
    assert read(response.content).personas == [ADA, replace(ADA, name='Bob')]


async def test_a_link_is_previewed_before_its_persona_is_kept(room: Room) -> None:
    await room.open()
    room.follow(fragment(ADA))
    await room.user.should_see('Someone has shared a persona with you')
    await room.user.should_see('You are Ada.')
    assert room.personas.own == []
    room.user.find('No thanks').click()
    assert room.personas.own == []

    room.follow(fragment(ADA))
    room.user.find('Keep it').click()
    assert [replace(persona, id='') for persona in room.personas.own] == [ADA]
    assert room.changes == []

    room.follow(fragment(ADA))
    room.user.find('Keep it').click()
    await room.user.should_see('One was already there.')
    assert len(room.personas.own) == 1


async def test_a_broken_link_is_explained(room: Room) -> None:
    await room.open()
    room.follow(fragment(ADA)[:-5])
    await room.user.should_see('This link is incomplete')


async def test_a_link_leads_to_where_others_find_parley(room: Room) -> None:
    room.address = 'https://192.0.2.7:8443/'
    await room.open_with(ADA)
    room.press('persona-share-link')
    with room.user:
        (row,) = ElementFilter(kind=PersonaLinkRow)
    assert row.props['address'] == room.address
    await room.user.should_see('It opens for anyone who can reach Parley at this address')
    room.address = None
    room.press('persona-share-link')
    await room.user.should_see('It opens only on this computer')


async def test_a_voice_is_called_as_the_provider_of_the_call_calls_it(room: Room) -> None:
    await room.open(Settings(provider='engine').fitted())
    room.press('persona-new')
    voice = room.control('persona-voice')
    assert isinstance(voice, ui.select)
    assert isinstance(voice.options, dict)
    assert voice.options['marin'] == 'marin · light'
    room.follow(fragment(replace(ADA, voice='marin')))
    await room.user.should_see('Voice: marin · light.')


async def test_a_persona_too_long_for_a_link_is_offered_as_a_file(room: Room) -> None:
    letters = ''.join(chr(0x4E00 + number * 7 % 20_000) for number in range(8000))
    await room.open_with(replace(ADA, instructions=letters))
    room.press('persona-share-link')
    await room.user.should_see('This persona is too long for a link.')
    room.user.find('Save as file').click()
    response = await room.user.download.next()
    assert read(response.content).personas[0].instructions == letters


async def test_the_maximum_number_of_personas_is_explained(room: Room) -> None:
    await room.open_with(*[ADA] * MOST_OWN)
    room.press('persona-copy-again')
    room.press('persona-save')
    await room.user.should_see('which is the maximum. Delete one')
    assert len(room.personas.own) == MOST_OWN
