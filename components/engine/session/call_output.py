"""A function call as a response makes it."""

from components.engine.minds.mind import CallPiece
from components.engine.protocol.items import FunctionCall, Status

from .output_item import OutputItem, Place


class CallOutput:
    """Turns the pieces of one function call into the service's events."""

    def __init__(self, piece: CallPiece, place: Place) -> None:
        self.item = FunctionCall(piece.name, piece.call_id, status='in_progress')
        self._output = OutputItem(self.item, place)

    def add(self, piece: CallPiece) -> None:
        if piece.arguments:
            self.item.arguments += piece.arguments
            self._tell('delta', delta=piece.arguments)

    def end(self, status: Status) -> None:
        """Nothing more follows. Clients call the function when they hear of `done`, so half a call is never `done`."""
        if status == 'completed':
            self._tell('done', name=self.item.name, arguments=self.item.arguments)
        self._output.end(status)

    def _tell(self, what: str, **fields: str) -> None:
        self._output.tell(f'response.function_call_arguments.{what}', call_id=self.item.call_id, **fields)
