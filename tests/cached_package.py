"""Packages that some tests need and Parley does not, installed into pytest's cache."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest


class PackageMissing(Exception):
    """The package cannot be had here; the message says why and what to do."""


def cached_package(config: pytest.Config, name: str, install: Callable[[Path], Path]) -> Path:
    """Return what `install` gives for a folder of the cache.

    Skips the test where the package cannot be had; in continuous integration the test fails.
    """
    assert config.cache
    try:
        return install(config.cache.mkdir(name))
    except PackageMissing as missing:
        if os.environ.get('CI') == 'true':
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
