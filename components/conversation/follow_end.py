from nicegui import ui


class FollowEnd(ui.element, component='follow_end.js', default_classes='follow-end'):
    def __init__(self, *, label: str, button: str) -> None:
        """Follow End

        A scrolling region that keeps its end in sight while it grows, unless the reader scrolled up.
        Then a button appears that leads back to the end.

        :param label: what the region is, for those who do not see it
        :param button: text of the button
        """
        super().__init__()
        self._props['label'] = label
        self._props['button'] = button
        self._props['at-rest'] = False

    @property
    def at_rest(self) -> bool:
        """Whether it stays where it is: what it holds is read from its beginning."""
        return bool(self._props['at-rest'])

    @at_rest.setter
    def at_rest(self, at_rest: bool) -> None:
        if at_rest != self.at_rest:
            self._props['at-rest'] = at_rest
