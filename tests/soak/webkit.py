"""Tries the page and a call by the relay in WebKit, which is what Safari and every browser of an iPhone are made of.

    python -m tests.soak.webkit [--pictures FOLDER]

It needs Debian's packages gir1.2-webkit2-4.1, python3-gi-cairo, xvfb and xdotool, whose WebKit has no WebRTC, and takes
half a minute. A machine that lacks them is told so.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from tests.parley import Parley

PYTHON = '/usr/bin/python3'  # the system's, which has GTK
PHONE = Path(__file__).with_name('webkit_phone.py')
PACKAGES = 'apt install gir1.2-webkit2-4.1 python3-gi-cairo xvfb xdotool'


def main() -> None:
    """Start Parley, and show it to a phone."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--pictures', type=Path, help='keeps the screenshots there')
    options = parser.parse_args()
    if missing := _missing():
        sys.exit(f'Skipped, since this machine lacks {missing}. On Debian: {PACKAGES}')
    with tempfile.TemporaryDirectory() as folder:
        pictures = options.pictures or Path(folder)
        pictures.mkdir(parents=True, exist_ok=True)
        sys.exit(asyncio.run(show(Path(folder), pictures)))


async def show(folder: Path, pictures: Path) -> int:
    """Return the exit code of the phone."""
    parley = Parley(folder)
    await parley.start()
    try:
        screen = ('xvfb-run', '-a', '-s', '-screen 0 390x844x24')
        with (folder / 'log').open('w') as log:  # WebKit complains a lot about a machine without sound and D-Bus
            command = (*screen, PYTHON, str(PHONE), parley.url, str(pictures))
            phone = await asyncio.create_subprocess_exec(*command, stderr=log)
            code = await phone.wait()
        if code:
            print((folder / 'log').read_text())
    finally:
        await parley.kill()
    parley.assert_no_traceback()
    return code


def _missing() -> str:
    """Name what this machine lacks."""
    for program in ('xvfb-run', 'xdotool', PYTHON):
        if not shutil.which(program):
            return program
    script = 'import gi, cairo; gi.require_version("WebKit2", "4.1"); from gi.repository import WebKit2'
    found = subprocess.run([PYTHON, '-c', script], capture_output=True, check=False)
    return '' if found.returncode == 0 else 'WebKitGTK for Python'


if __name__ == '__main__':
    main()
