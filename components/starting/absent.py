"""Libraries that seem not to be installed."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Finder(MetaPathFinder):
    """Finds none of the libraries with these names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Find nothing. Raises ModuleNotFoundError if it is one of these libraries."""
        if name in self._names:
            raise ModuleNotFoundError(f'{name} is left out', name=name)
        return None


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Make libraries seem not to be installed while others are imported. Those that are loaded already stay."""
    finder = _Finder(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
