from nicegui import ui

from components.words.page import language


class MessageBox(ui.element, component='message_box.js', dependencies=['message/*.js']):
    def __init__(self, call: ui.element) -> None:
        """Message Box

        Where one writes instead of speaking. What is written goes to the call without a detour, and stays in the box
        until the call has it: sent while there is no call, it places one first, which needs the click of the user.

        :param call: the element that says it; its browser half has `say({text, images})`, a promise of success
        """
        super().__init__()
        self._props['call'] = call.id
        self._props['texts'] = language().section('message_box')
