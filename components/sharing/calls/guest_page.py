"""The additions to a guest's page: warnings, endings, and the end of the visit."""

from nicegui import ui

from components.call.call import VoiceCall
from components.call.failure import failures_of_guests
from components.sharing.door.door import JOIN_AT
from components.widgets.notification import tell
from components.words.language import one_or_many, sentences
from components.words.page import language, words

from .guest_calls import Ending


def follow_visit() -> None:
    """Make the page that is being built follow its guest's visit.

    When the visit ends, the page redirects to the joining page, which says why. A closing page notifies Python.
    """
    ui.add_head_html(f'<script type="module" src="{JOIN_AT}/guest.js"></script>')


class GuestsVoiceCall:
    """A guest's page with its voice call; see `GuestsPage`."""

    def __init__(self, call: VoiceCall) -> None:
        self.id = call.client.id
        self._call = call
        call.props['failures'] = failures_of_guests(language())

    @property
    def is_here(self) -> bool:
        """Whether the page has a socket now."""
        return self._call.client.has_socket_connection

    def warn(self, seconds: float) -> None:
        """Say how long the call may still last, in the status line and as a notification."""
        with self._call:
            count = max(1, round(seconds))
            in_seconds = words(f'guests.seconds.{one_or_many(count)}', count=count)
            left = words('guests.minute') if seconds > 55 else in_seconds
            self._call.note(left)
            ui.notify(left, timeout=10_000)

    def explain(self, ending: Ending) -> None:
        """End the call on the page, and say why."""
        with self._call:
            self._call.fail(ending)
            why = sentences(words(f'failures.{ending}.sentence'), words(f'failures.{ending}.next_step'))
            tell(why)
