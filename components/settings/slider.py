from collections.abc import Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

EMIT_VALUE = '(event) => emit(event.target.valueAsNumber)'


class Slider(ui.element):
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
        """Slider

        The browser's own slider, which screen readers and keyboards know, with its label and what its value means.

        :param meaning: says what a value means; shown also while the slider moves
        :param on_change: called with the value where the slider is let go
        :param test_id: for the slider; what its value means has the same with `-value`
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
        """Where it stands."""
        return float(self._input.props['value'])

    def set_value(self, value: float) -> None:
        """Move it, without a report."""
        self._input.props['value'] = value
        self._meaning_label.text = self._input.props['aria-valuetext'] = self._meaning(value)

    def _moved(self, event: GenericEventArguments) -> None:
        self.set_value(float(event.args))
