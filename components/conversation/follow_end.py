"""A scrolling region that follows its growing end."""

from collections.abc import Callable

from nicegui import ui


class FollowEnd(ui.element, component='follow_end.js', default_classes='follow-end'):
    """A scrolling region that keeps its end in sight while it grows, unless the reader has scrolled up.

    In that case a button leads back to the end.
    """

    def __init__(
        self,
        *,
        label: str,
        button: str,
        on_near_start: Callable[[], object] = lambda: None,
        on_near_end: Callable[[], object] = lambda: None,
        on_end: Callable[[], object] = lambda: None,
    ) -> None:
        """Create an empty region.

        :param label: name of the region, for screen readers
        :param button: text of the button
        :param on_near_start: called when the reader comes near the start of the content, which may then be extended
        :param on_near_end: called when the reader comes near its end
        :param on_end: called when the reader wants to see the end
        """
        super().__init__()
        self.props['label'] = label
        self.props['button'] = button
        self.props['at-rest'] = False
        self.props['part'] = None
        self.props['sought'] = None
        self._seeks = 0
        self.on('near-start', on_near_start, [])
        self.on('near-end', on_near_end, [])
        self.on('end', on_end, [])

    @property
    def at_rest(self) -> bool:
        """Whether it stays where it is, because its content is read from the beginning."""
        return bool(self.props['at-rest'])

    @at_rest.setter
    def at_rest(self, at_rest: bool) -> None:
        if at_rest != self.at_rest:
            self.props['at-rest'] = at_rest

    def seek(self, item_id: str) -> None:
        """Scroll to a row, as soon as it is rendered, and highlight it for a moment.

        :param item_id: the row's `data-item-id`
        """
        self._seeks += 1  # so that the same row can be sought again
        self.props['sought'] = {'id': item_id, 'number': self._seeks}

    def show_part(self, shown: range, count: int) -> None:
        """Say which part of the content is rendered."""
        part = {'first': shown.start, 'above': shown.start > 0, 'below': shown.stop < count}
        if part != self.props['part']:
            self.props['part'] = part
