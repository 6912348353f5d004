"""The picker of a persona: a dropdown whose entries are cards with a portrait, the name and what the persona is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui

from .persona import Persona


class PersonaPicker(ui.element, component='persona_picker.js'):
    """Shows the chosen persona as a card, and all personas as cards when it is opened.

    Args:
        label: What screen readers call it.
        on_choice: Called with the persona that the user chooses.
    """

    def __init__(self, label: str, on_choice: Callable[[Persona], object]) -> None:
        super().__init__()
        self._personas: Mapping[str, Persona] = {}
        self.props('data-testid=settings-persona').props['label'] = label
        self.on('choose', lambda event: on_choice(self._personas[event.args]) if event.args in self._personas else None)

    @property
    def chosen(self) -> Persona:
        """The persona on the card."""
        return self._personas[self.props['chosen']]

    @property
    def personas(self) -> list[Persona]:
        """The personas to choose from."""
        return list(self._personas.values())

    def show(self, personas: Mapping[str, Persona], chosen: Persona) -> None:
        """Show one persona as chosen.

        Args:
            personas: Those to choose from, by their ids.
            chosen: The chosen one, as it is now; another page of the browser may have changed or deleted it.
        """
        shown = {**personas, chosen.id: chosen}
        if shown != self._personas:  # pictures are large, and most settings change no persona
            self._personas = shown
            self.props['personas'] = [
                {'id': id, 'name': persona.name, 'tagline': persona.tagline, 'picture': persona.picture}
                for id, persona in shown.items()
            ]
        self.props['chosen'] = chosen.id


class PersonaCard(ui.element, default_classes='persona'):
    """A portrait with the name and a few words.

    Args:
        persona: The persona to show.
    """

    def __init__(self, persona: Persona) -> None:
        super().__init__()
        with self:
            ui.element('img').classes('persona__picture').props('alt=""').props['src'] = persona.picture
            with ui.element('div'):
                ui.label(persona.name).classes('persona__name')
                ui.label(persona.tagline).classes('persona__tagline')
