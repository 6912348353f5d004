"""The box for writing instead of speaking."""

from nicegui import ui

from components.widgets.permission.permission import PERMISSION
from components.words.page import language


class MessageBox(ui.element, component='message_box.js', dependencies=['message/*.js', PERMISSION]):
    """A box for messages: text and pictures.

    A message goes from the browser straight to the service, and stays in the box until the call has taken it. If there
    is no call, sending places one first; browsers allow that only in response to a click or a key.
    """

    def __init__(self, call: ui.element) -> None:
        """Create an empty box.

        :param call: the element that sends the messages; its browser half has `say(compose)`, which calls `compose`
          with the bytes that `{text, images}` may have, and returns a promise of success
        """
        super().__init__()
        self.props['call'] = call.id
        self.props['texts'] = language().section('message_box')
