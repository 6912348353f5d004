"""The sheet that edits a persona."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nicegui import ui

from components.settings.catalogue import CATALOGUES, Catalogue
from components.widgets.dropdown import Dropdown
from components.words.page import words

from .faces import COLOURS, PORTRAITS, picture
from .persona import LONGEST, Persona, Problem, check, tidy, tidy_text
from .sheets import Sheet, voice_names

TYPING_PAUSE_MS = 300
"""How long the keyboard must be idle before the faces show a new initial and the length is counted."""


def problem_text(problem: Problem) -> str:
    """Return a sentence about what is wrong."""
    if problem.kind == 'empty':
        return words(f'persona.problems.empty.{problem.field}')
    field = words(f'persona.fields.{problem.field}')
    return words(f'persona.problems.{problem.kind}', field=field, length=problem.length, most=problem.most)


# not while a dropdown is open, which Esc closes
EMIT_ESCAPE = '() => document.querySelector("[role=listbox]") || emit()'


class PersonaEditor(Sheet):
    """Edits one persona at a time. It asks before it discards changes."""

    def __init__(self) -> None:
        super().__init__()
        self.props('no-shake').on('keydown.esc', self._leave, js_handler=EMIT_ESCAPE)

    def edit(self, title: str, persona: Persona, catalogue: Catalogue, on_save: Callable[[Persona], None]) -> None:
        """Let the user change a persona.

        :param catalogue: of the provider, whose voices have these names elsewhere on the page
        :param on_save: called with a valid persona when the user saves it
        """
        self._persona = self._before = persona
        self._on_save = on_save
        self.props(remove='no-esc-dismiss')
        self._texts: dict[str, ui.input] = {}
        with self.shown(title):
            self._text_box('name').props('autofocus')
            self._text_box('tagline')
            self._faces()
            with ui.element('div').classes('sheet-card__pair'):
                self._choice('voice', voice_names(catalogue))
                languages = CATALOGUES['openai'].languages.values()
                self._choice('language', {language.code: language.label(words) for language in languages})
            self._text_box('greeting').props('type=textarea autogrow')
            self._text_box('instructions').props('type=textarea rows=9').classes('persona-editor__instructions')
            ui.label(words('persona.instructions_help')).classes('sheet__note')
            self._offer_to_save()

    def _text_box(self, field: str) -> ui.input:
        value: str = getattr(self._persona, field)

        def count(text: str) -> None:
            box.props['hint'] = words('persona.length', length=len(tidy_text(field, text)), most=LONGEST[field])

        def changed(text: str) -> None:
            count(text)
            self._change(**{field: text})

        box = ui.input(
            words(f'persona.fields.{field}'),
            value=value,
            placeholder=words(f'persona.placeholders.{field}'),
            on_change=lambda event: changed(event.value or ''),
            validation=lambda text: _validate(field, text or ''),
        ).props(f'outlined stack-label debounce={TYPING_PAUSE_MS} data-testid=persona-{field}')
        count(value)
        self._texts[field] = box
        return box

    def _choice(self, field: str, options: dict[str, str]) -> None:
        Dropdown(
            options,
            label=words(f'persona.fields.{field}'),
            value=getattr(self._persona, field),
            on_change=lambda event: self._change(**{field: event.value}),
        ).props(f'data-testid=persona-{field}')

    def _faces(self) -> None:
        self._pictures: dict[str, tuple[ui.element, ui.element]] = {}
        with ui.element('fieldset').classes('faces'):
            with ui.element('legend').classes('field__label'):
                ui.label(words('persona.fields.face'))
            for kind, faces in (('portrait', PORTRAITS), ('letter', COLOURS)):
                for number, face in enumerate(faces, 1):
                    button = ui.element('button').classes('faces__face').props('type=button')
                    button.on('click', lambda face=face: self._change(face=face), [])
                    button.props['aria-label'] = words(f'persona.faces.{kind}', number=number)
                    with button:
                        self._pictures[face] = button, ui.element('img').props('alt=""')
        self._show_faces()

    def _show_faces(self) -> None:
        letter = tidy_text('name', self._persona.name)[:1].upper()
        for face, (button, image) in self._pictures.items():
            button.props['aria-pressed'] = str(face == self._persona.face).lower()
            image.props['src'] = picture(face, letter)

    def _change(self, **fields: Any) -> None:
        self._persona = replace(self._persona, **fields)
        self.props(add='no-esc-dismiss') if self._changed else self.props(remove='no-esc-dismiss')
        if 'name' in fields or 'face' in fields:
            self._show_faces()

    def _offer_to_save(self) -> None:
        self._asking = False
        self.ask()
        self.add_button(words('persona.cancel'), self._leave)
        self.add_button(words('persona.save'), self._save, main=True).props('data-testid=persona-save')

    def _leave(self) -> None:
        if not self._changed:
            self.close()
        elif self._asking:
            self._keep_editing()
        else:
            self._asking = True
            self.ask(words('persona.unsaved'))
            self.add_button(words('persona.discard'), self.close)
            self.add_button(words('persona.keep_editing'), self._keep_editing, main=True)

    def _keep_editing(self) -> None:
        self._offer_to_save()
        self._texts['name'].run_method('focus')  # the button that had the focus is removed now

    @property
    def _changed(self) -> bool:
        return tidy(self._persona) != tidy(self._before)

    def _save(self) -> None:
        persona = tidy(self._persona)
        if problems := persona.problems:
            for box in self._texts.values():
                box.validate()
            self._texts[problems[0].field].run_method('focus')
            return
        self.close()
        self._on_save(persona)


def _validate(field: str, text: str) -> str | None:
    problem = check(field, tidy_text(field, text))
    return problem_text(problem) if problem else None
