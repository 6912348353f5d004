"""The sheet on which the host gives the engine a mind: fetch a model, use it, or remove it."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from nicegui import ui

from components.engine.local_mind.fetching import Fetch
from components.engine.local_mind.models import ListedModel
from components.engine.protocol.errors import RealtimeError
from components.engine.servers.ollama import Ollama
from components.engine.servers.stage_server import StageServer
from components.settings.personas.sheets import Sheet
from components.widgets.notification import tell
from components.widgets.ticks import Ticks
from components.words.language import sentences
from components.words.page import language, words

from .engine_mind import EngineMind


class MindSheet(Sheet):
    """Shows the models that can be fetched, what they need, and what this computer has. One sheet serves a page."""

    def __init__(self, mind: EngineMind) -> None:
        super().__init__()
        self._mind = mind
        self._library = mind.library
        self._ollama: Ollama | None = None
        self._chosen = mind.machine.recommended(self._library.models.values())
        self._shown_state: object = None
        self._ticks = Ticks(0.5, self._follow)
        self.on_value_change(lambda: self._watch())

    async def show(self) -> None:
        """Open the sheet with the current state."""
        fetch = self._library.fetching
        self._chosen = (fetch and fetch.model) or self._mind.listed or self._chosen
        self._build()
        self._ollama = await self._mind.find_ollama()
        if self._ollama:
            self._build()

    def _watch(self) -> None:
        self._ticks.active = bool(self.value)

    def _follow(self) -> None:
        """Keep up with what happens, perhaps because of another page."""
        if self._state() != self._shown_state:
            self._build()
        elif fetch := self._library.fetching:
            self._show_progress(fetch)

    def _state(self) -> object:
        fetch, there = self._library.fetching, [*map(self._library.has, self._library.models.values())]
        return self._chosen, self._mind.choice, fetch and (fetch, fetch.stage), self._library.problem, there

    def _build(self) -> None:
        with self:  # and not in the place of a button that is replaced now
            self._fill()

    def _fill(self) -> None:
        self._shown_state = self._state()
        with self.shown(words('mind.title')):
            ui.label(words('mind.about')).classes('sheet__note')
            ui.label(self._machine()).classes('sheet__note').props('data-testid=mind-machine')
            models = ui.radio(
                {model.id: self._label(model) for model in self._library.models.values()},
                value=self._chosen.id,
                on_change=lambda event: self._choose(event.value),
            ).props('data-testid=mind-models')
            models.props['aria-label'] = words('mind.models')
            models.set_enabled(not self._library.fetching)
            self._details = ui.element('div').classes('mind-sheet__details')
            self._show_ollama()
            if self._mind.fixed:
                ui.label(words('mind.fixed')).classes('sheet__note')
        self._fill_details()

    def _fill_details(self) -> None:
        """Show what belongs to the chosen model."""
        self._details.clear()
        with self._details:
            self._show_facts()
            if fetch := self._library.fetching:
                self._add_progress(fetch)
            elif problem := self._library.problem:
                text = words(f'mind.problems.{problem.problem}', host=self._chosen.host, status=problem.status)
                ui.label(text).classes('mind-sheet__problem').props('role=alert data-testid=mind-problem')
                self._show_by_hand()
            if not self._mind.can_run:
                ui.label(words('mind.no_package')).classes('mind-sheet__problem').props('role=alert')
        self._add_buttons()

    def _label(self, model: ListedModel) -> str:
        marks = [f'{model.bytes / 1e9:.1f}\N{NO-BREAK SPACE}GB']
        if self._mind.listed == model and self._library.has(model):
            marks.append(words('mind.in_use'))
        elif self._library.has(model):
            marks.append(words('mind.here'))
        elif model == self._mind.machine.recommended(self._library.models.values()):
            marks.append(words('mind.recommended'))
        return ' · '.join([model.name, *marks])

    def _machine(self) -> str:
        machine = self._mind.machine
        memory = words('mind.machine_memory', memory=round(machine.memory / 2**30)) if machine.memory else ''
        rest = words('mind.machine', cores=machine.cores, disk=round(self._library.free / 1e9))
        return sentences(memory, rest)

    def _show_facts(self) -> None:
        model = self._chosen
        facts = {
            'source': f'{model.host} · {model.repository}',
            'maker': f'{model.maker} · {model.licence}',
            'languages': _languages(model),
            'needs': words('mind.needed', memory=f'{model.memory_mb / 1000:.1f}'),
            'check': words('mind.checked' if model.sha256 else 'mind.unchecked'),
        }
        with ui.element('dl').classes('mind-sheet__facts').props('data-testid=mind-facts'):
            for name, value in facts.items():
                with ui.element('dt'):
                    ui.label(words(f'mind.facts.{name}'))
                with ui.element('dd'):
                    ui.link(value, model.page, new_tab=True) if name == 'source' else ui.label(value)

    def _add_progress(self, fetch: Fetch) -> None:
        self._bar = ui.linear_progress(show_value=False, size='10px').classes('mind-sheet__bar')
        self._bar.props['aria-label'] = words('mind.progress_label')
        self._progress = ui.label().props('data-testid=mind-progress')
        self._show_progress(fetch)

    def _show_progress(self, fetch: Fetch) -> None:
        self._bar.value = fetch.received / fetch.model.bytes
        received, total = (f'{size / 1e9:.2f}' for size in (fetch.received, fetch.model.bytes))
        self._progress.text = (
            words('mind.checking')
            if fetch.stage == 'checking'
            else words('mind.progress', received=received, total=total, percent=percent(fetch))
        )

    def _show_by_hand(self) -> None:
        model = self._chosen
        ui.label(words('mind.by_hand', file=model.file, folder=self._library.folder.absolute())).classes('sheet__note')
        ui.link(model.url, model.url, new_tab=True).classes('mind-sheet__url')

    def _show_ollama(self) -> None:
        if not (ollama := self._ollama):
            return
        with ui.element('div').classes('mind-sheet__ollama').props('data-testid=mind-ollama'):
            if not ollama.models:
                ui.label(words('mind.ollama_empty'))
                return
            ui.label(words('mind.ollama'))
            used = self._mind.choice
            name = used.model if isinstance(used, StageServer) and used.model in ollama.models else ollama.models[0]
            models = ui.select([*ollama.models], value=name, label=words('mind.ollama_model')).props('outlined dense')
            ui.button(
                words('mind.ollama_use'),
                on_click=lambda: self._use(models.value, self._mind.use_ollama(models.value)),
                color=None,
            ).props('outline no-caps')

    def _add_buttons(self) -> None:
        model, library = self._chosen, self._library
        self.ask()
        if library.fetching:
            self.add_button(words('mind.cancel'), library.cancel)
            self.add_button(words('mind.hide'), self.close, main=True)
            return
        if self._mind.choice:
            self.add_button(words('mind.rules'), lambda: self._use(None, self._mind.use_rules()))
        if library.has(model) or library.partial(model):
            self.add_button(words('mind.remove'), self._remove)
        self.add_button(words('mind.close'), self.close)
        if not self._mind.can_run:
            return
        if not library.has(model):
            resumes = library.partial(model) > 0
            self.add_button(words('mind.resume' if resumes else 'mind.fetch'), self._fetch, main=True)
        elif self._mind.listed != model:
            self.add_button(words('mind.use'), lambda: self._use(model.name, self._mind.use(model)), main=True)

    def _choose(self, id: str) -> None:
        self._chosen = self._library.models[id]
        self._library.problem = None
        self._shown_state = self._state()
        with self:
            self._fill_details()

    def _fetch(self) -> None:
        self._mind.fetch(self._chosen)
        self._build()

    async def _use(self, name: str | None, using: Coroutine[Any, Any, None]) -> None:
        with suppress(RealtimeError):  # the program is ending
            await using
        self.close()
        with self:
            tell(words('mind.now', name=name) if name else words('mind.now_rules'))

    async def _remove(self) -> None:
        try:
            await self._mind.remove(self._chosen)
        except OSError as error:
            with self:
                tell(words('mind.not_removed', reason=error.strerror))
        self._build()


def percent(fetch: Fetch) -> int:
    """Return how much of a file is there."""
    return int(100 * fetch.received / fetch.model.bytes)


def _languages(model: ListedModel) -> str:
    if not model.languages:
        return words('mind.many_languages')
    names = language().section('catalogue.languages')
    known = ', '.join(names[code] for code in model.languages if code in names)
    more = sum(code not in names for code in model.languages)
    return words('mind.more_languages', names=known, count=more) if more else known
