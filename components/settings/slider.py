"""A slider with a label and a text for its value."""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

EMIT_VALUE = '(event) => emit(event.target.valueAsNumber)'


class Slider(ui.element):
    """The browser's own slider, which screen readers and keyboards can use, with a label and a text for its value."""

    def __init__(
        self,
        label: str,
        *,
        limits: tuple[float, float],
        step: float,
        value: float,
        meaning: Callable[[float], str],
        on_change: Callable[[float], None],
        test_id: str,
    ) -> None:
        """Create the slider.

        :param meaning: returns the text for a value, which follows the slider while it moves
        :param on_change: called with the value when the user releases the slider
        :param test_id: of the slider; the text for its value has the same with `-value`
        """
        super().__init__('div')
        self.classes('slider')
        self._meaning = meaning
        with self:
            with ui.element('div').classes('slider__line').props('aria-hidden=true'):
                ui.label(label)
                self._meaning_label = ui.label().classes('slider__meaning').props(f'data-testid={test_id}-value')
            self._input = ui.element('input').classes('slider__input')
        self._input.props.update(
            {
                'type': 'range',
                'min': limits[0],
                'max': limits[1],
                'step': step,
                'aria-label': label,
                'data-testid': test_id,
            }
        )
        self._input.on('input', self._moved, js_handler=EMIT_VALUE, throttle=0.05)
        self._input.on('change', lambda event: on_change(float(event.args)), js_handler=EMIT_VALUE)
        self.set_value(value)

    @property
    def value(self) -> float:
        """The current value."""
        return float(self._input.props['value'])

    def set_value(self, value: float) -> None:
        """Move the slider without reporting a change."""
        self._input.props['value'] = value
        self._meaning_label.text = self._input.props['aria-valuetext'] = self._meaning(value)

    def _moved(self, event: GenericEventArguments) -> None:
        self.set_value(float(event.args))
