"""The processes of the speech workers: what they load, and when they end."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_workers_end_with_the_engine_even_if_it_is_killed() -> None:
    program = (
        'import asyncio, os, signal\n'
        'from components.engine.speech.speech_process import SpeechProcess\n'
        'async def main():\n'
        '    speech = SpeechProcess()\n'
        '    await speech.start()\n'
        '    speech.hear().feed(bytes(32000))\n'
        '    os.kill(os.getpid(), signal.SIGKILL)\n'
        'asyncio.run(main())\n'
    )
    # The workers share the standard error stream, so it closes when the last of them has ended.
    result = subprocess.run([sys.executable, '-c', program], cwd=ROOT, stderr=subprocess.PIPE, timeout=20)
    assert result.returncode == -signal.SIGKILL
    assert result.stderr == b''


def test_a_worker_loads_nothing_of_the_page_or_of_the_call() -> None:
    program = (
        'import sys; sys.path.insert(0, "components/engine")\n'
        'import speech.main\n'
        'print(*{"nicegui", "aiortc", "av", "starlette", "components"} & set(sys.modules))'
    )
    result = subprocess.run([sys.executable, '-P', '-c', program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ''
