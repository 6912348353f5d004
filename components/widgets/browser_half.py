"""Calls of methods that an element has in the browser."""

from typing import Any

from nicegui import json, ui


def tell_browser(element: ui.element, method: str, argument: Any) -> None:
    """Call a method of an element in the browser, and expect no answer. Does nothing if the element is deleted.

    `run_method` makes a task for each call, in case somebody awaits it: that is a tenth of what the words of a call
    cost Python. Do not mix both for calls whose order matters, since that task comes later.
    """
    if not element.is_deleted:
        code = f'runMethod({element.id}, {json.dumps(method)}, {json.dumps([argument])})'
        element.client.outbox.enqueue_message('run_javascript', {'code': code}, element.client.id)
