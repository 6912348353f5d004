"""The page's modules in one file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from nicegui import dependencies

import main  # noqa: F401  (declares all elements, and so their modules)
from components.page.joined_modules import COMPONENTS, NotJoinable, is_joinable, join

LEVEL = """export class Level {
  read() {
    return loudest();
  }
}

function loudest() {
  return 1;
}
"""
METER = """import { Level } from "./level.js";
import { ref, watch as follow } from "vue";

export const SHOWN = ref(new Level());

export async function draw() {
  follow(SHOWN, loudest);
}

function loudest() {}
"""


def test_each_module_comes_after_those_that_it_needs_and_keeps_its_own_scope() -> None:
    joined = join({'meter': METER, 'level': LEVEL})

    assert joined.exports == {'Level', 'SHOWN', 'draw'}
    assert joined.text == (
        'import * as $vue from "vue";\n'
        'const $level = (() => {\n' + LEVEL.replace('export ', '') + 'return { Level };})();\n'
        'export const { Level } = $level;\n'
        'const $meter = (() => {\n'
        'const { Level } = $level;\n'
        'const { ref, watch: follow } = $vue;\n'
        + METER.partition('"vue";\n')[2].replace('export ', '')
        + 'return { SHOWN, draw };})();\n'
        'export const { SHOWN, draw } = $meter;\n'
    )


def test_the_source_map_leads_from_each_line_to_where_it_was_written() -> None:
    modules = {'meter': METER, 'level': LEVEL}
    joined = join(modules)
    source_map = json.loads(joined.source_map)

    written = dict(places(source_map['mappings']))
    assert source_map['sources'] == ['meter.js', 'level.js']
    assert source_map['sourcesContent'] == [METER, LEVEL]
    for number, line in enumerate(joined.text.splitlines()):
        if 'loudest' in line:
            file, row = written[number]
            assert list(modules.values())[file].splitlines()[row] == line


@pytest.mark.parametrize(
    ('modules', 'complaint'),
    [
        ({'a': '\nimport * as b from "b";\n'}, 'a.js, line 2: import * as b from "b";'),
        ({'a': 'export let count = 0;\n'}, 'a.js, line 1: export let count = 0;'),
        ({'a': 'export const x = 1;\n', 'b': 'export const x = 2;\n'}, 'a and b both export x'),
        ({'a': 'import { b } from "b";\n', 'b': 'import { a } from "a";\n'}, 'a circle of imports: a → b → a'),
    ],
)
def test_what_only_a_bundler_understands_is_refused(modules: dict[str, str], complaint: str) -> None:
    with pytest.raises(NotJoinable) as refusal:
        join(modules)
    assert str(refusal.value) == complaint


def test_components_are_exported_by_the_names_of_their_modules() -> None:
    joined = join(
        {'a': 'export const A = 1;\n\nexport default A;\n', 'b': 'export default {\n  b: 2,\n};\n'}, ['a', 'b']
    )

    assert joined.exports == {'A'}
    assert 'const $default = A;\nreturn { A, $default };})();\n' in joined.text
    assert 'const $default = {\n  b: 2,\n};\nreturn { $default };})();\n' in joined.text
    assert joined.text.endswith('export const components = { a: $a.$default, b: $b.$default };\n')


def test_a_module_without_a_default_export_is_no_component() -> None:
    with pytest.raises(NotJoinable, match='a exports no component'):
        join({'a': 'export const A = 1;\n'}, ['a'])


def test_all_modules_of_the_page_can_be_joined() -> None:
    own = {each.name: each.path for each in dependencies.libraries.values() if each.path.is_relative_to(COMPONENTS)}
    components = {each.name: each.path for each in dependencies.js_components.values() if is_joinable(each.path)}
    modules = {name: path.read_text() for name, path in (own | components).items() if not name.endswith('_worklet')}
    joined = join(modules, components)

    assert {'RealtimeCall', 'Microphone', 'CallBar', 'TurnBubble'} <= joined.exports
    assert 'voice_call: $voice_call.$default' in joined.text
    assert 'select: $select.$default' in joined.text  # NiceGUI's


def test_components_import_nothing_that_would_be_loaded_by_itself() -> None:
    """A component that imports `./name.js` would load a second copy of what the joined file holds."""
    for component in dependencies.js_components.values():
        if Path(component.path).is_relative_to(COMPONENTS):
            assert 'from "./' not in component.path.read_text(), component.path


def places(mappings: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield for each line that is mapped the number of its file and its line there."""
    file = row = 0
    for number, mapping in enumerate(mappings.split(';')):
        if mapping:
            column, files, rows, original = numbers(mapping)
            assert column == original == 0
            file, row = file + files, row + rows
            yield number, (file, row)


def numbers(mapping: str) -> list[int]:
    """Read base64 digits of variable length, as ECMA-426 describes them."""
    found, value, shift = [], 0, 0
    for letter in mapping:
        digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.index(letter)
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            found.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return found
