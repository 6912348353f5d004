"""The style sheets name what Safari knows only by its own name."""

import re
from pathlib import Path

import pytest

STYLES = sorted((Path(__file__).parents[1] / 'assets' / 'styles').rglob('*.css'))


@pytest.mark.parametrize('sheet', STYLES, ids=lambda sheet: sheet.stem)
def test_what_may_be_selected_is_said_to_safari_too(sheet: Path) -> None:
    """Safari ignores `user-select` without its prefix, and a held button would select the words around it."""
    rules = re.findall(r'\{([^{}]*)\}', sheet.read_text())
    for rule in rules:
        plain = re.findall(r'(?<!-)user-select: (\w+);', rule)
        assert plain == re.findall(r'-webkit-user-select: (\w+);', rule), rule


def test_holding_the_talk_button_opens_no_callout() -> None:
    sheet = next(sheet for sheet in STYLES if sheet.stem == 'controls').read_text()
    rule = re.search(r'\.talk,\s+\.call:has\(\.talk\) \{([^}]*)\}', sheet)
    assert rule
    assert '-webkit-touch-callout: none' in rule[1]
    assert '-webkit-user-select: none' in rule[1]
