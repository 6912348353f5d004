"""The persona part of the settings panel: the picker, and what can be done with one's own personas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from nicegui import ui

from components.settings.form import Form, label_of
from components.settings.settings import Settings
from components.widgets.icon_button import IconButton
from components.words.page import words

from .editor import PersonaEditor
from .importer import PersonaDrop, PersonaImporter
from .note import PersonaNote
from .persona import Persona
from .personas import MOST_OWN, Personas, TooMany
from .picker import PersonaPicker
from .sheets import PersonaShareSheet, ReachableAt, save_file

BLANK = Persona(id='', name='', tagline='', instructions='', voice='marin', language='', greeting='')


class PersonaChoice:
    """Lets the user choose a persona, and create, copy, edit, share, delete, import and export their own."""

    def __init__(
        self,
        form: Form,
        personas: Personas,
        on_news: Callable[[], object] = lambda: None,
        reachable_at: ReachableAt = lambda: '',
    ) -> None:
        """Lay out the controls.

        :param on_news: called when there is a message, perhaps while the panel is hidden
        :param reachable_at: where links to personas lead to
        """
        self._form = form
        self._personas = personas
        self._editor, self._sharing = cache(PersonaEditor), cache(lambda: PersonaShareSheet(reachable_at))
        self._note = PersonaNote(on_news)
        importer = PersonaImporter(
            personas,
            self._note,
            catalogue=lambda: form.settings.catalogue,
            on_kept=self._show_imported,
            on_choice=self.choose,
        )
        with PersonaDrop(on_file=importer.open_file, on_unreadable=importer.refuse) as self._drop:
            with form.group('persona'):
                self._picker = PersonaPicker(label_of('persona'), self.choose)
                self._tools()
            form.shows(lambda settings: self._picker.show(personas, settings.persona))
            self._note.move(self._drop)

    def choose(self, persona: Persona) -> None:
        """Change to a persona, with its voice and language and without edited instructions."""
        self._note.hide()
        self._form.change(persona=persona, voice=persona.voice, language=persona.language, instructions='')

    def customize(self) -> None:
        """Let the user make an own persona of the chosen one, including what the settings change about it."""
        chosen = self._chosen
        copy = replace(chosen, name=self._personas.free_name(chosen.name))
        self._open_editor(words('persona.copy_title'), copy, self._add)

    def _tools(self) -> None:
        with ui.element('div').classes('persona-tools'):
            _tool('new', self._create)
            copy, edit = _tool('copy', self.customize), _tool('edit', self._edit)
            more = IconButton('more_horiz', words('persona.more')).props('dense data-testid=persona-more')
            with more, ui.menu().classes('persona-menu') as menu:
                again = _menu_item(menu, 'copy_again', self.customize)
                _menu_item(menu, 'share_link', lambda: self._sharing().share(self._chosen))
                delete = _menu_item(menu, 'delete', self._delete)
                choose_file = _menu_item(menu, 'import')  # in the click itself, or browsers refuse
                choose_file.on('click', js_handler=f'() => getElement({self._drop.id}).choose()')
                export = _menu_item(menu, 'export', lambda: save_file(self._personas.own))

        def show(settings: Settings) -> None:
            copy.set_visibility(not settings.persona.own)
            for button in (edit, again, delete):
                button.set_visibility(settings.persona.own)
            export.set_visibility(bool(self._personas.own))

        self._form.shows(show)

    @property
    def _chosen(self) -> Persona:
        """The chosen persona, with what the settings change about it."""
        settings, persona = self._form.settings, self._form.settings.persona
        has_choice = len(settings.catalogue.languages) > 1
        return replace(
            persona,
            instructions=settings.instructions or persona.instructions,
            voice=settings.voice,
            language=settings.language if has_choice else persona.language,
        )

    def _show_imported(self) -> None:
        self._form.show(self._form.settings)  # the picker has more cards now

    def _open_editor(self, title: str, persona: Persona, on_save: Callable[[Persona], None]) -> None:
        self._editor().edit(title, persona, self._form.settings.catalogue, on_save)

    def _create(self) -> None:
        self._open_editor(words('persona.new_title'), BLANK, self._add)

    def _add(self, persona: Persona) -> None:
        if kept := self._kept(replace(persona, id='')):
            self.choose(kept)

    def _kept(self, persona: Persona) -> Persona | None:
        try:
            return self._personas.add(persona)
        except TooMany:
            self._note.show(words('persona.too_many', most=MOST_OWN))
            return None

    def _edit(self) -> None:
        persona = self._form.settings.persona
        self._open_editor(words('persona.edit_title', name=persona.name), persona, self._change)

    def _change(self, persona: Persona) -> None:
        before = self._form.settings.persona
        persona = self._personas.change(persona)
        moved = {name: getattr(persona, name) for name in ('voice', 'language')}
        changed = {name: value for name, value in moved.items() if value != getattr(before, name)}
        self._note.hide()
        self._form.change(persona=persona, instructions='', **changed)

    def _delete(self) -> None:
        settings = self._form.settings
        self._personas.remove(settings.persona)
        self.choose(self._personas.first)

        def undo() -> None:
            if kept := self._kept(settings.persona):
                self._note.hide()
                self._form.change(persona=kept, voice=settings.voice, language=settings.language, instructions='')
                self._picker.run_method('focus')  # the button that had the focus is hidden now

        deleted = words('persona.deleted', name=settings.persona.name, instead=self._personas.first.name)
        self._note.show(deleted, words('persona.undo'), undo)


def _tool(name: str, on_click: Callable[[], object]) -> ui.button:
    return ui.button(words(f'persona.{name}'), on_click=lambda: on_click()).props(
        f'outline no-caps dense data-testid=persona-{name}'
    )


def _menu_item(menu: ui.menu, name: str, on_click: Callable[[], object] = lambda: None) -> ui.button:
    def click() -> None:
        menu.close()
        on_click()

    return ui.button(words(f'persona.{name}'), on_click=click).props(
        f'flat no-caps align=left role=menuitem data-testid=persona-{name.replace("_", "-")}'
    )
