"""The request by which a guest's page says that it is being closed, so that its call ends at once."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.sharing.visitor import Guest, visitor

from .guest_calls import GuestCalls


class PageClosed:
    """Receives the last request of a page at its `route`; `assets/joining/guest.js` sends it.

    A closing page also hangs up over its socket, but that message is lost if the socket is down at that moment.

    Args:
        calls: Returns the calls of all guests; None if there can be none.
    """

    def __init__(self, calls: Callable[[], GuestCalls | None]) -> None:
        self._calls = calls
        self.route = Route('/farewell/{page_id}', self._hear, methods=['POST'])

    async def _hear(self, request: Request) -> Response:
        calls = self._calls()
        if calls and isinstance(who := visitor(request.scope), Guest):
            calls.over(who, request.path_params['page_id'])
        return Response(status_code=204)
