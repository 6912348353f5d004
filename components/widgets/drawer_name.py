"""Names the landmark of a drawer."""

import json

from nicegui.elements.drawer import Drawer


def name_drawer(drawer: Drawer, name: str) -> None:
    """Give a drawer a name for screen readers: Quasar passes attributes on to what is inside its landmark.

    Args:
        drawer: The drawer, on the page that is being built.
        name: What screen readers call it.
    """
    element = f'document.getElementById({json.dumps(drawer.html_id)})?.closest("aside")'
    script = f'{element}?.setAttribute("aria-label", {json.dumps(name)})'
    drawer.client.on_connect(lambda: drawer.client.run_javascript(script))
