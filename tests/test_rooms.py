"""The plan of the house: which rooms may know which, without circles, and a map that names only what exists."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from tests.parley import ROOT

FLOORS = {
    **dict.fromkeys(['main'], 5),
    **dict.fromkeys(['page', 'starting'], 4),
    **dict.fromkeys(['call', 'conversation', 'history', 'settings', 'sharing', 'status'], 3),
    **dict.fromkeys(['desk', 'relay'], 2),
    **dict.fromkeys(['providers'], 1),
    **dict.fromkeys(['engine', 'widgets', 'words'], 0),
}
"""A room may know the rooms of its own floor and below."""

PURE = {
    'components.settings.catalogue',
    'components.settings.personas.personas',
    'components.settings.session',
    'components.settings.settings',
}
"""Modules that know neither a page nor a network, so that every room but the engine may know them."""


def modules() -> dict[str, Path]:
    files = [ROOT / 'main.py', *(ROOT / 'components').rglob('*.py')]
    names = {'.'.join(file.relative_to(ROOT).with_suffix('').parts): file for file in files}
    return {name.removesuffix('.__init__'): file for name, file in names.items()}


MODULES = modules()


def imports(name: str) -> Iterator[str]:
    """The modules of ours that a module imports while it is loaded: what it imports for type checkers alone is none."""
    package = name if MODULES[name].name == '__init__.py' else name.rpartition('.')[0]
    tree = ast.parse(MODULES[name].read_text(encoding='utf-8'))
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and 'TYPE_CHECKING' in ast.dump(node.test))
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        parents = package.split('.')[: len(package.split('.')) - node.level + 1] if node.level else []
        source = '.'.join([*parents, *([node.module] if node.module else [])])
        members = {f'{source}.{alias.name}' for alias in node.names}
        yield from (members & MODULES.keys()) or ({source} & MODULES.keys())


def room(module: str) -> str:
    return module.split('.')[1] if '.' in module else module


KNOWN = {module: set(imports(module)) for module in MODULES}


def test_rooms_import_no_room_above_them() -> None:
    assert [
        f'{module} imports {known}'
        for module in MODULES.keys() - {'components'}
        for known in KNOWN[module] - PURE
        if FLOORS[room(known)] > FLOORS[room(module)]
    ] == []


def test_the_engine_imports_nothing_else_of_parley() -> None:
    engine = {known for module in MODULES if room(module) == 'engine' for known in KNOWN[module]}
    assert {room(known) for known in engine} == {'engine'}


def test_imports_have_no_cycles() -> None:
    list(TopologicalSorter(KNOWN).static_order())


def test_the_map_names_only_what_exists() -> None:
    text = (ROOT / 'components' / 'README.md').read_text(encoding='utf-8')
    paths = re.findall(r'`([\w/]+(?:\.py|\.js|/))`', text)
    assert paths
    assert [path for path in paths if not (ROOT / 'components' / path).exists() and not (ROOT / path).exists()] == []


def test_the_map_has_every_room() -> None:
    text = (ROOT / 'components' / 'README.md').read_text(encoding='utf-8')
    rooms = {folder.name for folder in (ROOT / 'components').iterdir() if (folder / '__init__.py').exists()}
    assert {name for name in rooms if f'`{name}/`' not in text} == set()
