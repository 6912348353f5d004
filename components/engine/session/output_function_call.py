"""A function call that a response makes."""

from components.engine.minds.mind import CallPiece
from components.engine.protocol.items import FunctionCall, Status

from .output_item import OutputItem, Position


class OutputFunctionCall:
    """Turns the pieces of one function call into the service's events."""

    def __init__(self, piece: CallPiece, position: Position) -> None:
        self.item = FunctionCall(piece.name, piece.call_id, status='in_progress')
        self._output = OutputItem(self.item, position)

    def add(self, piece: CallPiece) -> None:
        """Send the next piece of the arguments."""
        if piece.arguments:
            self.item.arguments += piece.arguments
            self._emit_arguments('delta', delta=piece.arguments)

    def end(self, status: Status) -> None:
        """End the call. Clients run the function when they get `done`, so an incomplete call never sends it."""
        if status == 'completed':
            self._emit_arguments('done', name=self.item.name, arguments=self.item.arguments)
        self._output.end(status)

    def _emit_arguments(self, stage: str, **fields: str) -> None:
        self._output.emit(f'response.function_call_arguments.{stage}', call_id=self.item.call_id, **fields)
