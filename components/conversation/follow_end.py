"""A scrolling region that follows its growing end."""

from nicegui import ui


class FollowEnd(ui.element, component='follow_end.js', default_classes='follow-end'):
    """A scrolling region that keeps its end in sight while it grows, unless the reader has scrolled up.

    In that case a button leads back to the end.
    """

    def __init__(self, *, label: str, button: str) -> None:
        """Create an empty region.

        :param label: name of the region, for screen readers
        :param button: text of the button
        """
        super().__init__()
        self.props['label'] = label
        self.props['button'] = button
        self.props['at-rest'] = False

    @property
    def at_rest(self) -> bool:
        """Whether it stays where it is, because its content is read from the beginning."""
        return bool(self.props['at-rest'])

    @at_rest.setter
    def at_rest(self, at_rest: bool) -> None:
        if at_rest != self.at_rest:
            self.props['at-rest'] = at_rest
