"""The header of the dashboard: the drawers' buttons, the time of the call, other conversations, and sharing."""

from collections.abc import Callable

from nicegui import ui

from components.history.finding.buttons import conversation_buttons
from components.history.notebook import Notebook
from components.sharing.host.audience import Audience
from components.sharing.page import sharing_button
from components.starting.services import Services
from components.status.call_timer import CallTimer
from components.widgets.drawer import Drawer
from components.widgets.icon_button import IconButton
from components.words.page import words


class Header(ui.element, default_classes='nicegui-header wrap top'):
    """Shows the buttons that open something, and how long the call has lasted.

    It is Quasar's own header. NiceGUI's has a template, the only one that browsers would compile before the page can be
    used: 5 ms, most of which the compiler itself takes to start.

    Args:
        services: The services of the program.
        notebook: The conversation on the page.
        audience: Those who read along.
        settings: The drawer of the settings.
        status: The drawer of the call's status.
        on_turn: Shows a turn of the conversation, by its item id.

    Attributes:
        timer: The time of the call.
    """

    def __init__(
        self,
        services: Services,
        notebook: Notebook,
        audience: Audience,
        *,
        settings: Drawer,
        status: Drawer,
        on_turn: Callable[[str], object],
    ) -> None:
        layout = ui.context.client.layout
        with layout:
            super().__init__('q-header')
        self.move(layout, target_index=0)
        with self:
            IconButton('tune', words('page.settings')).on('click', js_handler=settings.toggle)
            with ui.element('h1').classes('top__name'):
                ui.label('Parley')
            ui.space()
            self.timer = CallTimer()
            conversation_buttons(services.history, notebook.owner, notebook.id, on_turn)
            sharing_button(services.sharing, audience, can_begin=services.can_share)
            IconButton('insights', words('page.call_status')).on('click', js_handler=status.toggle)
