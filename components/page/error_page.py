"""The pages of errors, in Parley's look and words instead of NiceGUI's."""

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from nicegui import Client, app, ui
from starlette.exceptions import HTTPException

from components.widgets.own_url import own_url
from components.words.page import declare_language, words

from .look_choice import begin_look


def declare_error_pages() -> None:
    """Show a page of Parley's own for addresses that do not exist, and where a page could not be built."""
    app.on_page_exception(lambda: show_error('failed'))
    app.exception_handler(404)(_not_found)


def show_error(kind: str) -> None:
    """Build the page of an error: what happened, and the way to Parley's own page.

    Args:
        kind: `not_found` or `failed`.
    """
    declare_language(app.storage.user.get('language'))
    begin_look()
    ui.page_title('Parley')
    with ui.element().classes('error-page'):
        with ui.element('h1').classes('error-page__title'):
            ui.label(words(f'page.errors.{kind}.title'))
        ui.label(words(f'page.errors.{kind}.sentence')).classes('error-page__sentence').props(
            f'data-testid=notice data-code={kind}'
        )
        ui.link(words('page.open'), own_url('') + '/').classes('error-page__link')


async def _not_found(request: Request, error: Exception) -> Response:
    """Answer a request that nothing serves with a page, and one that an endpoint refused with its own words."""
    if (
        request.scope.get('endpoint')
        and not request.scope.get('nicegui_page_path')
        and isinstance(error, HTTPException)
    ):
        return await http_exception_handler(request, error)
    with Client(ui.page(''), request=request) as client:
        show_error('not_found')
    return client.build_response(request, 404)
