"""npm's `@openai/agents-realtime`, installed into a cache for the tests that need it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.cached_package import PackageMissing

NAME = '@openai/agents-realtime'
VERSION = '0.20.0'


def install(cache: Path) -> Path:
    """Return the package's folder, installing it where the cache has none yet. Raises `PackageMissing`."""
    kept = cache / f'agents-realtime-{VERSION}'
    if not kept.exists():
        npm = shutil.which('npm')
        if not (npm and shutil.which('node')):
            raise PackageMissing(f'{NAME} was not tested: install Node.js 20 or later, with npm.')
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            fresh = Path(folder, 'fresh')
            fresh.mkdir()
            _fill(fresh, npm)
            fresh.rename(kept)  # at once, so that a broken installation is never kept
    return kept / 'node_modules' / NAME


def _fill(folder: Path, npm: str) -> None:
    options = ('--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1')
    command = (npm, 'install', *options, '--prefix', str(folder), f'{NAME}@{VERSION}')
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as problem:
        reason = getattr(problem, 'stderr', None) or str(problem)
        raise PackageMissing(f'{NAME} was not tested: npm could not install it. {reason}') from problem


_INSTALL_SECONDS = 180
