from collections.abc import Callable

from nicegui import ui


class PersonaFromLink(ui.element, component='persona_from_link.js'):
    def __init__(self, on_link: Callable[[str], None]) -> None:
        """Persona From Link

        Notices when the page is opened by a link that carries a persona, or is given one later.

        :param on_link: called with what stands behind `#persona=`; it may come from anyone
        """
        super().__init__()
        self.on('link', lambda e: on_link(str(e.args)))
        self.client.on_connect(lambda: self.run_method('look'))
