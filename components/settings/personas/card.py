"""The card that shows a persona."""

from nicegui import ui

from .persona import Persona


class PersonaCard(ui.element):
    """A portrait with the name and a few words."""

    def __init__(self) -> None:
        super().__init__('div')
        self.classes('persona')
        with self:
            self._picture = ui.element('img').classes('persona__picture').props('alt=""')
            with ui.element('div'):
                self._name = ui.label().classes('persona__name')
                self._tagline = ui.label().classes('persona__tagline')

    def show(self, persona: Persona) -> None:
        """Show this persona."""
        self._picture.props['src'] = persona.picture
        self._name.text = persona.name
        self._tagline.text = persona.tagline
