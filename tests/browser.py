"""Finds a browser of the Chromium family for the tests, and Firefox, and installs what the machine has not."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

HELP = (
    'The tests need a browser, but this machine has none that runs and none could be installed: '
    'please install Google Chrome, Chromium or Microsoft Edge, then run pytest again.'
)

COMMANDS = (
    'google-chrome',
    'google-chrome-stable',
    'chromium',
    'chromium-browser',
    'microsoft-edge',
    'chrome',
    'msedge',
)

HEADLESS_SHELLS = ('chrome-headless-shell', 'chromium-headless-shell')

PLAYWRIGHTS_HEADLESS_SHELL = 'chromium_headless_shell-*/*/chrome-headless-shell*'

PLACES = {
    'Darwin': (
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ),
    'Windows': (
        'C:/Program Files/Google/Chrome/Application/chrome.exe',
        'C:/Program Files (x86)/Google/Chrome/Application/chrome.exe',
        'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
    ),
    'Linux': ('/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'),
}

PLAYWRIGHT_INSTALL = (sys.executable, '-m', 'playwright', 'install', '--with-deps', 'chromium')

WINGET_YES = ('--accept-package-agreements', '--accept-source-agreements')

# For each package manager the commands that install a browser, and whether they need the administrator.
PACKAGE_MANAGERS: dict[str, tuple[bool, tuple[tuple[str, ...], ...]]] = {
    'apt-get': (True, (('apt-get', 'update'), ('apt-get', 'install', '--yes', 'chromium'))),
    'dnf': (True, (('dnf', 'install', '--assumeyes', 'chromium'),)),
    'apk': (True, (('apk', 'add', 'chromium'),)),
    'pacman': (True, (('pacman', '--sync', '--refresh', '--noconfirm', 'chromium'),)),
    'brew': (False, (('brew', 'install', '--cask', 'google-chrome'),)),
    'winget': (False, (('winget', 'install', '--exact', '--id', 'Google.Chrome', '--silent', *WINGET_YES),)),
}

NO_FIREFOX = (
    'Firefox is tested where it finds a microphone that speaks, which takes Linux, firefox (or firefox-esr) and '
    'pulseaudio: please install what is missing.'
)

FIREFOX_COMMANDS = ('firefox', 'firefox-esr')

SOUND_SERVER = ('pulseaudio', 'pactl', 'paplay')

FIREFOX_PACKAGES = ('firefox-esr', 'pulseaudio', 'pulseaudio-utils')


ONE_AT_A_TIME = FileLock(Path(tempfile.gettempdir(), 'parley-tests-browser.lock'))
"""To be held while a browser is looked for: tests that run beside each other must not install two at once."""


class BrowserMissing(Exception):
    """No browser was found and none could be installed; the message says what to do."""


@dataclass(frozen=True)
class Machine:
    """The computer as the search sees it; the tests of the search pass an imaginary one.

    `which` finds a command on the PATH, `exists` says whether a file is there, and `run` runs a command and says
    whether it succeeded.
    """

    system: str
    administrator: bool
    which: Callable[[str], str | None]
    exists: Callable[[Path], bool]
    run: Callable[[Sequence[str]], bool]


def ensure_browser(machine: Machine, playwrights_own: Path) -> Path:
    """Find a browser, or install one: by Playwright, else by the system's package manager.

    `playwrights_own` is where Playwright keeps the Chromium it installs.

    :raises BrowserMissing: when nothing helped
    """
    if browser := find_browser(machine, playwrights_own):
        return browser
    for commands in _installations(machine):
        if all(machine.run(command) for command in commands) and (browser := find_browser(machine, playwrights_own)):
            return browser
    raise BrowserMissing(HELP)


def find_browser(machine: Machine, playwrights_own: Path) -> Path | None:
    """Find the first browser that runs: Playwright's own, then those on the PATH, then those in the usual places."""
    on_path = (found for command in COMMANDS if (found := machine.which(command)))
    for place in (playwrights_own, *on_path, *PLACES.get(machine.system, ())):
        browser = Path(place)
        if machine.exists(browser) and _runs(machine, browser):
            return browser
    return None


def ensure_headless_shell(machine: Machine, playwrights_own: Path) -> Path | None:
    """Find a browser without a user interface, or install it: for the administrator only. None if there is none.

    Playwright installs its own beside the whole browser.
    """
    if shell := _headless_shell(machine, playwrights_own):
        return shell
    if machine.administrator and machine.which('apt-get'):  # Debian's; elsewhere it comes from Playwright or not at all
        machine.run(('apt-get', 'update'))
        machine.run(('apt-get', 'install', '--yes', 'chromium-headless-shell'))
    return _headless_shell(machine, playwrights_own)


def _headless_shell(machine: Machine, playwrights_own: Path) -> Path | None:
    installed = [folder.parent for folder in playwrights_own.parents if folder.name.startswith('chromium-')]
    beside = (
        shell for folder in installed for shell in folder.glob('chromium_headless_shell-*/*/chrome-headless-shell*')
    )
    on_path = (Path(found) for command in HEADLESS_SHELLS if (found := machine.which(command)))
    return next((shell for shell in (*beside, *on_path) if _runs(machine, shell)), None)


def ensure_firefox(machine: Machine) -> Path:
    """Find Firefox and a sound server, or install them: for the administrator only, as on a machine made for tests.

    A second sound server is nothing to put on a desktop unasked.

    :raises BrowserMissing: when one of them is not here
    """
    if not (firefox := _firefox(machine)) and machine.administrator and machine.which('apt-get'):
        machine.run(('apt-get', 'update'))
        machine.run(('apt-get', 'install', '--yes', '--no-install-recommends', *FIREFOX_PACKAGES))
        firefox = _firefox(machine)
    if not firefox:
        raise BrowserMissing(NO_FIREFOX)
    return firefox


def _firefox(machine: Machine) -> Path | None:
    if machine.system != 'Linux' or not all(map(machine.which, SOUND_SERVER)):
        return None
    on_path = (Path(found) for command in FIREFOX_COMMANDS if (found := machine.which(command)))
    return next((firefox for firefox in on_path if _runs(machine, firefox)), None)


def this_machine() -> Machine:
    return Machine(
        system=platform.system(),
        administrator=hasattr(os, 'geteuid') and os.geteuid() == 0,
        which=shutil.which,
        exists=Path.is_file,
        run=_run,
    )


def _runs(machine: Machine, browser: Path) -> bool:
    # A browser may be there and yet lack a library, or be a stub that points to a store. On Windows asking for the
    # version would open a window.
    return machine.system == 'Windows' or machine.run((str(browser), '--version'))


def _installations(machine: Machine) -> Iterator[tuple[tuple[str, ...], ...]]:
    yield (PLAYWRIGHT_INSTALL,)
    for manager, (needs_administrator, commands) in PACKAGE_MANAGERS.items():
        if not machine.which(manager):
            continue
        if machine.administrator or not needs_administrator:
            yield commands
        elif machine.which('sudo'):
            yield tuple(('sudo', '--non-interactive', *command) for command in commands)


def _run(command: Sequence[str]) -> bool:
    # Without a terminal of its own no command can stop to ask for a password.
    try:
        process = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=900,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return process.returncode == 0
