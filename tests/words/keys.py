"""All keys of a language, and all that the program asks for."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASKERS = {'words', 'text', '_words', '_say', 'begin_page', 'show_note'}
"""The names of the functions that return the text of a key; `section` gives a whole section to the browser."""


def flat(section: Mapping[str, object], path: str = '') -> Iterator[tuple[str, str]]:
    """Every text, with its key."""
    for name, value in section.items():
        if isinstance(value, Mapping):
            assert value, f'{path}{name} is empty'
            yield from flat(value, f'{path}{name}.')
        else:
            assert isinstance(value, str), f'{path}{name} is no text'
            yield f'{path}{name}', value


def asked() -> set[str]:
    """Patterns of the keys that Python asks for; values filled in at run time may be any name."""
    calls = [(name, node.args[0]) for node in _nodes() if isinstance(node, ast.Call) and (name := _asker(node))]
    return {pattern for name, key in calls if name != 'section' for pattern in _patterns(key) if '\\.' in pattern}


def sections() -> set[str]:
    """The sections that are handed to the browser."""
    calls = [node for node in _nodes() if isinstance(node, ast.Call) and _asker(node) == 'section']
    return {ast.literal_eval(node.args[0]) for node in calls}


def browser_names() -> set[str]:
    """All names and strings in the modules and pages of the browser."""
    return {name for source in browser_sources() for name in re.findall(r'\w+| (?=")', source)}


def browser_paths() -> set[str]:
    """Return the keys that the browser's modules use: `texts.check.offer` asks for `check.offer`."""
    found = {path for source in browser_sources() for path in re.findall(r'\btexts\.([\w.]+)', source)}
    return {path.removesuffix('.replace') for path in found}


def browser_sources() -> list[str]:
    files = [*(ROOT / 'components').rglob('*.js'), *(ROOT / 'assets').rglob('*.html')]
    return [file.read_text(encoding='utf-8') for file in files]


def python_sources() -> list[str]:
    return [file.read_text(encoding='utf-8') for file in (ROOT / 'main.py', *(ROOT / 'components').rglob('*.py'))]


def _nodes() -> Iterator[ast.AST]:
    for source in python_sources():
        yield from ast.walk(ast.parse(source))


def _asker(call: ast.Call) -> str:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, 'id', '')
    return name if call.args and name in {*ASKERS, 'section'} else ''


def _patterns(key: ast.expr) -> list[str]:
    match key:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.JoinedStr(values=parts):
            return [''.join(_patterns(part)[0] if isinstance(part, ast.Constant) else r'[^.]+' for part in parts)]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_patterns(body), *_patterns(orelse)]
    return []
