"""The joining page, on which people enter the passcode."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, Router

from components.sharing.certificate.profile import MEDIA_TYPE, configuration_profile
from components.sharing.visitor import Device, device
from components.widgets.home_screen import home_screen_head, home_screen_routes
from components.words.language import Language, preferred, sentences

from .admission import Admission, Rejection
from .door import COOKIE, JOIN_AT, behind, token_of
from .gate import unmapped
from .guests import LIFETIME, LONGEST_NAME

ASSETS = Path(__file__).parents[3] / 'assets' / 'joining'

LARGEST_FORM = 4096
"""Bytes."""


class Joining:
    """Serves the page, its files and the authority's certificate as its `app`.

    Args:
        admission: Checks passcodes.
        machine: The name by which people know this computer.
        authority: The certificate to install, in DER; None if browsers know the authority anyway.
    """

    def __init__(self, admission: Admission, machine: str, authority: bytes | None) -> None:
        self._admission = admission
        self._machine = machine
        self._authority = authority
        self._page = _TEMPLATES.get_template('page.html')
        self.app = Router(
            [
                Route(JOIN_AT, self._show, methods=['GET']),
                Route(JOIN_AT, self._join, methods=['POST']),
                Route(f'{JOIN_AT}/page.css', _file('page.css')),
                Route(f'{JOIN_AT}/page.js', _file('page.js')),
                Route(f'{JOIN_AT}/guest.js', _file('guest.js')),
                Route(f'{JOIN_AT}/visit', self._visit),
                Route(f'{JOIN_AT}/icon.svg', _file('../favicon.svg')),
                *home_screen_routes(JOIN_AT, '../'),
                Route(f'{JOIN_AT}/parley.crt', self._certificate),
                Route(f'{JOIN_AT}/parley.mobileconfig', self._profile),
            ]
        )

    async def _show(self, request: Request) -> Response:
        over = 'over' in request.query_params and not self._admission.knows(token_of(request.scope))
        return self._answer(request, over=over, to=request.query_params.get('to', ''))

    async def _visit(self, request: Request) -> Response:
        """Tell a page that lost its socket whether its guest is still welcome."""
        return Response(status_code=204 if self._admission.knows(token_of(request.scope)) else 401, headers=_HEADERS)

    async def _join(self, request: Request) -> Response:
        try:
            form = await _form(request)
        except ValueError:
            return PlainTextResponse('This form has fields that the joining page does not have.', 400, _HEADERS)
        if form is None:
            return PlainTextResponse('The name or the passcode is too long.', 413, _HEADERS)
        name, given = form.get('name', ''), form.get('passcode', '')
        address = unmapped(request.client.host) if request.client else ''
        token = self._admission.ask(given, name, address, _device(request, form), token_of(request.scope))
        if isinstance(token, Rejection):
            return self._answer(request, token, name, to=form.get('to', ''))
        answer = RedirectResponse(behind(form.get('to', '')), 303, _HEADERS)
        answer.set_cookie(COOKIE, token, max_age=LIFETIME, secure=True, httponly=True, samesite='strict')
        return answer

    async def _certificate(self, request: Request) -> Response:
        if self._authority is None:
            return _no_certificate()
        name = 'attachment; filename="parley.crt"'
        return Response(self._authority, 200, {'Content-Disposition': name}, 'application/x-x509-ca-cert')

    async def _profile(self, request: Request) -> Response:
        if self._authority is None:
            return _no_certificate()
        return Response(configuration_profile(self._authority, self._machine), media_type=MEDIA_TYPE)

    def _answer(
        self, request: Request, refusal: Rejection | None = None, name: str = '', *, over: bool = False, to: str
    ) -> Response:
        language = preferred(request.headers.get('accept-language', ''))
        problem = language.text('joining.over') if over else ''
        if refusal:
            problem = language.text(f'joining.refusals.{refusal.reason}')
        if refusal and refusal.wait:
            problem = sentences(problem, _again(language, refusal.wait))
        page = self._page.render(
            words=language.section('joining'),
            language=language.code,
            machine=self._machine,
            install=self._authority is not None,
            own_device=_device(request, {}),
            home_screen=home_screen_head(JOIN_AT),
            numeric=self._admission.passcode.text.isdecimal(),
            problem=problem,
            name=name[:LONGEST_NAME],
            to=behind(to),
            longest_name=LONGEST_NAME,
        )
        status = {'wrong': 403, 'wait': 429, 'full': 503, 'kept_out': 403}[refusal.reason] if refusal else 200
        headers = {'Retry-After': str(refusal.wait)} if refusal and refusal.wait else {}
        return HTMLResponse(page, status, _HEADERS | headers)


def _device(request: Request, form: Mapping[str, str]) -> Device:
    touch_points = form.get('touch_points', '')
    return device(request.headers.get('user-agent', ''), int(touch_points) if touch_points in list('0123456789') else 0)


def _no_certificate() -> Response:
    return PlainTextResponse('There is no certificate to install.', 404)


def _again(language: Language, seconds: int) -> str:
    if seconds <= 90:
        return language.text('joining.refusals.again', seconds=seconds)
    return language.text('joining.refusals.again_minutes', minutes=math.ceil(seconds / 60))


async def _form(request: Request) -> dict[str, str] | None:
    """Read a posted form; None if it is too large. Raises ValueError if it has too many fields."""
    body = b''
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return None
    fields: dict[str, Any] = parse_qs(body.decode(errors='replace'), keep_blank_values=True, max_num_fields=10)
    return {name: values[0] for name, values in fields.items()}


def _file(name: str) -> Any:
    async def serve(request: Request) -> Response:
        return FileResponse(ASSETS / name, headers={'Cache-Control': 'no-cache'})

    return serve


_HEADERS = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # with no-referrer, browsers would send the form with the origin null
    'Referrer-Policy': 'same-origin',
}

_TEMPLATES = Environment(loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined)
