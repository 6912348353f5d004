from nicegui import ui

from components.words.page import language


class PersonaLinkRow(ui.element, component='persona_link_row.js'):
    def __init__(self, fragment: str) -> None:
        """Persona Link Row

        A link that carries a persona, with a button that copies it.

        :param fragment: the persona, see `persona_link.fragment`
        """
        super().__init__()
        self._props['fragment'] = fragment
        self._props['texts'] = language().section('persona.share')
