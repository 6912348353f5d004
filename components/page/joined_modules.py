"""The JavaScript modules of the page in one file, so that a browser asks once instead of a hundred times.

Nobody builds anything: the program joins the files when it starts, and a source map leads back to them. The joined file
also holds the components of elements, which the page registers, so that NiceGUI does not load each by itself.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nicegui import __version__, app, dependencies, ui
from starlette.responses import Response

COMPONENTS = Path(__file__).parents[1]

URL = f'/_nicegui/{__version__}/joined/'
"""Where the file is served: among NiceGUI's assets, which are the same for every visitor."""

NAME = 'parley'
"""By this name, pages import the file."""

FOREVER = {'Cache-Control': 'public, max-age=31536000, immutable'}
"""For URLs that name their content by a hash."""


class NotJoinable(ValueError):
    """A module does something that only a real bundler understands. The message says what, and where."""


@dataclass
class Joined:
    """Modules joined into one, in the order in which they need each other.

    Attributes:
        text: The JavaScript.
        exports: The names that it exports.
    """

    text: str
    exports: frozenset[str]
    _runs: Sequence[tuple[str, int]]  # of lines, one after the other: the module, whole, or none if they were added
    _modules: Mapping[str, str]

    @property
    def source_map(self) -> str:
        """Where each line comes from, as JSON (ECMA-426). Made when it is asked for, which most browsers never do."""
        return _source_map(self._runs, self._modules)


def serve_joined_modules(prefix: str = '') -> None:
    """Serve the modules that elements have been declared with, and let all pages import them and their components.

    Worklets stay files of their own: they run outside the page.

    Args:
        prefix: The path below which a proxy serves Parley.

    Raises:
        NotJoinable: A module cannot be joined.
    """
    libraries = {
        library.name: library.path
        for library in dependencies.libraries.values()
        if library.path.is_relative_to(COMPONENTS) and not library.name.endswith('_worklet')
    }
    _ = ui.audio, ui.timer  # NiceGUI declares an element when it is named, and each page has these
    components = {each.name: each for each in dependencies.js_components.values() if is_joinable(each.path)}
    paths = libraries | {name: component.path for name, component in components.items()}
    joined = join({name: path.read_text(encoding='utf-8') for name, path in paths.items()}, components)
    name = f'{hashlib.sha256(joined.text.encode()).hexdigest()[:16]}.js'
    text = f'{joined.text}//# sourceMappingURL={name}.map\n'

    @app.get(URL + name)
    def serve_text() -> Response:
        return Response(text, media_type='text/javascript', headers=FOREVER)

    @app.get(f'{URL}{name}.map')
    def serve_map() -> Response:
        return Response(joined.source_map, media_type='application/json', headers=FOREVER)

    for module in (NAME, *libraries):
        dependencies.register_importmap_override(module, f'{prefix}{URL}{name}')
    ui.add_head_html(f'<link rel="modulepreload" href="{prefix}{URL}{name}">', shared=True)
    tags = {name: component.tag for name, component in components.items()}
    app.config.vue_config_script += _REGISTER % {'module': NAME, 'tags': json.dumps(tags)}
    for element in _descendants(ui.element):
        if isinstance(element.component, dependencies.JsComponent) and element.component.name in components:
            element.component = _Registered(key='', name=element.component.name, path=Path())


def is_joinable(component: Path) -> bool:
    """Tell whether a component is Parley's, or one of NiceGUI's that imports nothing and exports nothing else."""
    text = component.read_text(encoding='utf-8')
    statements = re.findall(r'^(?:import|export default|export)\b', text, re.MULTILINE)
    return component.is_relative_to(COMPONENTS) or statements == ['export default']


_REGISTER = """
import { components } from "%(module)s";
for (const [name, tag] of Object.entries(%(tags)s)) app.component(tag, components[name]);
await new Promise((resolve) => setTimeout(resolve)); // reading the modules, and rendering the page, are a task each
"""


@dataclass(kw_only=True, slots=True)
class _Registered(dependencies.Component):
    """A component that the page has already: NiceGUI only needs its tag."""

    def __post_init__(self) -> None:
        """Take the name of the component that NiceGUI would load."""


def _descendants(kind: type[ui.element]) -> Iterator[type[ui.element]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from _descendants(heir)


def join(modules: Mapping[str, str], components: Collection[str] = ()) -> Joined:
    """Join modules that import each other by name or as `./name.js`.

    Each keeps a scope of its own. Others, such as `vue`, stay imports. A module has its imports at the beginning, and
    exports functions, classes and constants by name where it declares them; besides, it may have a default export.

    Args:
        modules: Their source text by name.
        components: The names of those whose default export is a component. The joined file exports these as
            `components`, by the names of their modules.

    Raises:
        NotJoinable: A module has another kind of import or export, two export the same name, a component is missing, or
            they need each other in a circle.
    """
    read = {name: _Module.read(name, text, modules) for name, text in modules.items()}
    foreign = sorted({name for module in read.values() for name in module.foreign})
    lines = [f'import * as {_scope(name)} from "{name}";' for name in foreign]
    runs = [('', len(lines))]
    exported: dict[str, str] = {}
    for module in _in_order(read):
        for name in module.exports:
            if (other := exported.setdefault(name, module.name)) != module.name:
                raise NotJoinable(f'{other} and {module.name} both export {name}')
        lines.append(f'const {_scope(module.name)} = (() => {{')
        lines.append(module.text)
        lines.append(f'return {{ {", ".join([*module.exports, *module.default])} }};}})();')
        lines.append(
            f'export const {{ {", ".join(module.exports)} }} = {_scope(module.name)};' if module.exports else ''
        )
        runs += [('', 1), (module.name, module.text.count('\n') + 1), ('', 2)]
    if without := [name for name in components if not read[name].default]:
        raise NotJoinable(f'{without[0]} exports no component')
    if components:
        lines.append(
            f'export const components = {{ {", ".join(f"{name}: {_scope(name)}.$default" for name in components)} }};'
        )
    return Joined('\n'.join([*lines, '']), frozenset(exported), runs, modules)


@dataclass
class _Module:
    name: str
    text: str = ''
    exports: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    default: list[str] = field(default_factory=list)
    """The name of the default export, if there is one."""

    @classmethod
    def read(cls, name: str, text: str, modules: Mapping[str, str]) -> '_Module':
        module = cls(name)

        def rewrite(found: re.Match[str]) -> str:
            if names := found['names']:
                source = found['source'].removeprefix('./').removesuffix('.js')
                (module.needs if source in modules else module.foreign).append(source)
                # as many lines as before, so that the source map stays simple
                return f'const {{{names.replace(" as ", ": ")}}} = {_scope(source)};'
            if declaration := found['declaration']:
                module.exports.append(found['name'])
                return declaration
            if found['default']:
                module.default.append('$default')
                return 'const $default = '
            line = text.count('\n', 0, found.start()) + 1
            raise NotJoinable(f'{name}.js, line {line}: {found["other"].strip()}')

        module.text = _STATEMENT.sub(rewrite, text).removesuffix('\n')
        return module


_STATEMENT = re.compile(
    r"""^(?:
        import\ \{ (?P<names>[^}]*) \}\ from\ "(?P<source>[^"]+)";$
        | export\ (?P<declaration> (?:async\ function|function\*?|class|const)\ (?P<name>\w+) )
        | export\ (?P<default> default\  )
        | (?P<other> (?:import|export)\b .* )
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""The beginning of a line that imports or exports."""


def _scope(module: str) -> str:
    """Return the name of the constant that holds a module: no module declares one with a dollar sign."""
    return f'${re.sub(r"[^A-Za-z0-9_]", "_", module)}'


def _in_order(modules: Mapping[str, _Module]) -> Iterator[_Module]:
    """Yield each module after those that it needs."""
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> Iterator[_Module]:
        if name in path:
            raise NotJoinable(f'a circle of imports: {" → ".join([*path, name])}')
        if name in done:
            return
        for needed in modules[name].needs:
            yield from visit(needed, (*path, name))
        done.add(name)
        yield modules[name]

    for name in modules:
        yield from visit(name, ())


def _source_map(runs: Sequence[tuple[str, int]], modules: Mapping[str, str]) -> str:
    """Map lines to lines. Each mapping says how far it is from the one before, in base64 digits of variable length."""
    names = list(modules)
    mappings: list[str] = []
    last_file = last_line = 0
    for name, count in runs:
        if not name:
            mappings += [''] * count
            continue
        file = names.index(name)
        # from the last line of the module before to the first of this one, and then line by line
        mappings += [f'A{_vlq(file - last_file)}{_vlq(-last_line)}A', *['AACA'] * (count - 1)]
        last_file, last_line = file, count - 1
    return json.dumps(
        {
            'version': 3,
            'sources': [f'{name}.js' for name in names],
            'sourcesContent': list(modules.values()),
            'names': [],
            'mappings': ';'.join(mappings),
        }
    )


def _vlq(number: int) -> str:
    """Encode a number as ECMA-426 does: five bits a digit, the lowest first, and the sign in the lowest bit."""
    rest = abs(number) << 1 | (number < 0)
    digits = ''
    while True:
        digits += _BASE64[rest & 31 | (32 if rest > 31 else 0)]
        rest >>= 5
        if not rest:
            return digits


_BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
