"""How a guest's page says that it goes away, so that its call ends at once."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.sharing.visitor import Guest, visitor

from .guest_calls import GuestCalls


class Farewell:
    """Takes the last request of a page by its `route`; see `assets/joining/guest.js`.

    A page that is left hangs up, too, but its word for Python is lost where the socket is away at that moment.
    """

    def __init__(self, calls: GuestCalls) -> None:
        self._calls = calls
        self.route = Route('/farewell/{page_id}', self._hear, methods=['POST'])

    async def _hear(self, request: Request) -> Response:
        if isinstance(who := visitor(request.scope), Guest):
            self._calls.over(who, request.path_params['page_id'])
        return Response(status_code=204)
