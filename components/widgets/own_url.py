"""URLs of Parley's own pages and files, also behind a proxy that serves them below a path."""

from nicegui import Client, ui


def own_url(path: str) -> str:
    """Return a path of Parley as the page that is being built can ask for it."""
    return prefix_of(ui.context.client) + path


def prefix_of(client: Client) -> str:
    """Return the path below which a page is served; usually ''. NiceGUI reads it in the same way."""
    request = client.request
    return str(request.headers.get('X-Forwarded-Prefix', '')) + str(request.scope.get('root_path', ''))
