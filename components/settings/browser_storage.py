"""The storage of each browser, such as its settings and personas: one file each, written field by field."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from nicegui import app, background_tasks, core
from nicegui.persistence import PersistentDict
from nicegui.storage import Storage

Plain: TypeAlias = dict[str, Any]
Change: TypeAlias = tuple[tuple[str, ...], Any]
"""The path to a field, and its new value or `GONE`."""

GONE = object()


class BrowserStorage(PersistentDict):
    """The data of one browser, shared by all its pages.

    Only fields that changed are written, so programs that share a folder don't undo each other's changes. The file is
    always complete: it is written anew and then replaced. A damaged one is kept aside.

    Attributes:
        path: The file.
        damaged: The name under which a damaged file was kept aside; '' if there was none.
        problem: Why the newest changes are not in the file; '' if they are. The next change tries again.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = ''
        self.problem = ''
        self._known: Plain = {}  # the content of the file when it was last read or written
        self._adopting = False
        self._saving: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        super().__init__(data={}, on_change=self._changed)

    async def initialize(self) -> None:
        """Load the file."""
        self._adopt(await asyncio.to_thread(self._load))

    def initialize_sync(self) -> None:
        """Load the file, outside of an event loop."""
        self._adopt(self._load())

    async def close(self) -> None:
        """Try once more to write what is not written yet."""
        if self._saving:
            await self._saving
        await self._save()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever the data or `problem` changes. Returns a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _load(self) -> Plain:
        try:
            content = self._read()
        except OSError as error:
            self.problem = _reason(error)
            content = None
        self._known = content or {}
        return _copy(self._known)

    def _read(self) -> Plain | None:
        """Return the content of the file, None without one; a damaged one is kept aside. Raises OSError."""
        try:
            content = json.loads(self.path.read_text(encoding='utf-8'))
            if isinstance(content, dict):
                return content
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, RecursionError):
            pass
        aside = _free(self.path.with_name(f'{self.path.name}.damaged'))
        self.path.replace(aside)
        self.damaged = aside.name
        return None

    def _changed(self) -> None:
        if self._adopting:
            return
        self._tell()
        if self._saving:
            return
        if core.is_loop_running():
            self._saving = background_tasks.create(self._save(), name=f'save {self.path.stem}')
        else:
            try:
                self._known = self._write(self._changes(_copy(self)))
                self.problem = ''
            except OSError as error:
                self.problem = _reason(error)
            else:
                self._adopt(_copy(self._known))

    @background_tasks.await_on_shutdown
    async def _save(self) -> None:
        try:
            while changes := self._changes(current := _copy(self)):
                self._known = await asyncio.to_thread(self._write, changes)
                meanwhile = list(_differences(current, _copy(self)))
                self._adopt(_with(_copy(self._known), meanwhile))
            problem = ''
        except OSError as error:
            problem = _reason(error)
        finally:
            self._saving = None
        if problem or self.problem:
            self.problem = problem
            self._tell()

    def _changes(self, current: Plain) -> list[Change]:
        return list(_differences(self._known, current))

    def _write(self, changes: list[Change]) -> Plain:
        """Write changes into the file, beside what others wrote there. Returns its content. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(self.path.parent):
            content = self._read()
            content = _with(_copy(self._known) if content is None else content, changes)
            draft = self.path.with_name(f'{self.path.name}.tmp')
            try:
                with draft.open('w', encoding='utf-8') as file:
                    json.dump(content, file, ensure_ascii=False)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(self.path)
            finally:
                draft.unlink(missing_ok=True)
        return content

    def _adopt(self, content: Plain) -> None:
        """Take over the content of the file, without writing it again."""
        if content == _copy(self):
            return
        self._adopting = True
        try:
            for name in self.keys() - content.keys():
                del self[name]
            self.update(content)
        finally:
            self._adopting = False
        self._tell()

    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()


def install() -> None:
    """Let `app.storage.user` be a `BrowserStorage`. Call this before the app starts."""

    def create(id: str) -> PersistentDict:
        return BrowserStorage(app.storage.path / f'storage-{id}.json')

    Storage._create_persistent_dict = staticmethod(create)  # type: ignore[method-assign]  # NiceGUI offers no other way


def browser_storage() -> BrowserStorage:
    """Return the storage of the browser whose page is being built."""
    storage = app.storage.user
    assert isinstance(storage, BrowserStorage)
    return storage


def _differences(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Change]:
    for name in before.keys() - after.keys():
        yield (*path, name), GONE
    for name, value in after.items():
        old = before.get(name, GONE)
        if isinstance(value, dict) and (isinstance(old, dict) or value):  # another program may have made it meanwhile
            yield from _differences(old if isinstance(old, dict) else {}, value, (*path, name))
        elif old != value or type(old) is not type(value):
            yield (*path, name), value


def _with(content: Plain, changes: list[Change]) -> Plain:
    for path, value in changes:
        fields = content
        for name in path[:-1]:
            if not isinstance(fields.get(name), dict):
                fields[name] = {}
            fields = fields[name]
        if value is GONE:
            fields.pop(path[-1], None)
        else:
            fields[path[-1]] = value
    return content


def _copy(content: Mapping[str, Any]) -> Plain:
    """Return a deep copy that consists of JSON's own types."""
    copied: Plain = json.loads(json.dumps(content))
    return copied


def _free(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f'{path.name}-{number}')
    return free


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold off other programs that write into a folder. Windows has no such lock; there, replacing a file must do."""
    if sys.platform == 'win32':
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
