"""What a guest's page has that the host's has not."""

from nicegui import ui

from .door import JOIN_AT


def tell_when_visit_is_over() -> None:
    """Let the page that is being built lead to the joining page, which says why, when its guest's visit has ended."""
    ui.add_head_html(f'<script type="module" src="{JOIN_AT}/guest.js"></script>')
