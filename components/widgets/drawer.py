"""A drawer at a side of the page, which costs nothing as long as nobody sees it."""

import json
from typing import Literal

from nicegui import ui


class Drawer(ui.element, component='drawer.js', default_classes='nicegui-drawer'):
    """A drawer whose content the browser renders once it is seen, and the rest of the page can be used.

    Whether it is open, the browser alone knows. With NiceGUI's drawers Python would know as well, and would render the
    whole page again with each opening, also while a page loads whose drawer is open at first.

    Args:
        side: Where it is.
        name: What screen readers call it.
        width: Pixels.
        opens_itself: Whether it is open at first where there is room beside the page.
        needed_at: DOM events that come to the document when the content is needed though nobody sees it.
    """

    def __init__(
        self,
        side: Literal['left', 'right'],
        name: str,
        *,
        width: int,
        opens_itself: bool = False,
        needed_at: tuple[str, ...] = (),
    ) -> None:
        client = ui.context.client
        with client.layout:
            super().__init__()
        self.props.update(
            {'side': side, 'name': name, 'width': width, 'opens-itself': opens_itself, 'needed-at': needed_at}
        )
        client.layout.props['view'] = 'hHh LpR fff'  # below the header, and fixed
        page = client.layout.default_slot.children.index(client.page_container)
        self.move(target_index=page if side == 'left' else page + 1)

    @property
    def toggle(self) -> str:
        """The handler of a button that opens and closes it, within the browser."""
        return f'() => getElement({json.dumps(self.id)}).toggle()'

    def show(self) -> None:
        """Open it, if it is closed."""
        self.run_method('show')
