"""The search for a browser, on imaginary machines."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from .browser import (
    PLAYWRIGHT_INSTALL,
    BrowserMissing,
    Machine,
    ensure_browser,
    ensure_firefox,
    ensure_headless_shell,
)

OWN = Path('/playwright/chrome')


class Imaginary:
    """A machine with some files and commands; `installs` names the file that a command puts there."""

    def __init__(
        self,
        *files: str,
        commands: dict[str, str] | None = None,
        installs: dict[Sequence[str], str] | None = None,
        broken: str = '',
        system: str = 'Linux',
        administrator: bool = True,
    ) -> None:
        self.files = {Path(file) for file in files}
        self.installs = installs or {}
        self.broken = broken
        self.ran: list[Sequence[str]] = []
        self.machine = Machine(system, administrator, (commands or {}).get, self.files.__contains__, self.run)

    def run(self, command: Sequence[str]) -> bool:
        if command[-1] == '--version':
            return command[0] != self.broken
        self.ran.append(command)
        if command in self.installs:
            self.files.add(Path(self.installs[command]))
        return command in self.installs or command[-1] == 'update'


def test_playwrights_own_browser_comes_first() -> None:
    it = Imaginary(str(OWN), '/usr/bin/chromium', commands={'chromium': '/usr/bin/chromium'})
    assert ensure_browser(it.machine, OWN) == OWN
    assert it.ran == []


def test_a_browser_on_the_path_is_found() -> None:
    it = Imaginary('/usr/bin/microsoft-edge', commands={'microsoft-edge': '/usr/bin/microsoft-edge'})
    assert ensure_browser(it.machine, OWN) == Path('/usr/bin/microsoft-edge')


def test_a_browser_in_a_usual_place_is_found() -> None:
    chrome = 'C:/Program Files/Google/Chrome/Application/chrome.exe'
    assert ensure_browser(Imaginary(chrome, system='Windows', broken=chrome).machine, OWN) == Path(chrome)


def test_a_browser_that_does_not_run_is_passed_over() -> None:
    commands = {'chromium': '/usr/bin/chromium', 'microsoft-edge': '/usr/bin/microsoft-edge'}
    it = Imaginary(*commands.values(), commands=commands, broken='/usr/bin/chromium')
    assert ensure_browser(it.machine, OWN) == Path('/usr/bin/microsoft-edge')


def test_playwright_installs_a_missing_browser() -> None:
    it = Imaginary(installs={PLAYWRIGHT_INSTALL: str(OWN)})
    assert ensure_browser(it.machine, OWN) == OWN


def test_the_package_manager_installs_if_playwright_cannot() -> None:
    install = ('apt-get', 'install', '--yes', 'chromium')
    it = Imaginary(
        commands={'apt-get': '/usr/bin/apt-get', 'chromium': '/usr/bin/chromium'},
        installs={install: '/usr/bin/chromium'},
    )
    assert ensure_browser(it.machine, OWN) == Path('/usr/bin/chromium')
    assert it.ran == [PLAYWRIGHT_INSTALL, ('apt-get', 'update'), install]


def test_other_users_install_with_sudo_without_a_prompt() -> None:
    it = Imaginary(commands={'dnf': '/usr/bin/dnf', 'sudo': '/usr/bin/sudo'}, administrator=False)
    with pytest.raises(BrowserMissing):
        ensure_browser(it.machine, OWN)
    assert it.ran[1:] == [('sudo', '--non-interactive', 'dnf', 'install', '--assumeyes', 'chromium')]


def test_a_failed_installation_says_what_to_do() -> None:
    it = Imaginary(commands={'dnf': '/usr/bin/dnf'}, administrator=False)
    with pytest.raises(BrowserMissing, match='please install Google Chrome, Chromium or Microsoft Edge'):
        ensure_browser(it.machine, OWN)
    assert it.ran == [PLAYWRIGHT_INSTALL]


SHELL = '/usr/bin/chromium-headless-shell'


def test_the_headless_shell_on_the_path_is_found() -> None:
    it = Imaginary(SHELL, commands={'chromium-headless-shell': SHELL})
    assert ensure_headless_shell(it.machine, OWN) == Path(SHELL)
    assert it.ran == []


def test_playwrights_own_headless_shell_comes_first(tmp_path: Path) -> None:
    own = tmp_path / 'chromium_headless_shell-1' / 'linux64' / 'chrome-headless-shell'
    own.parent.mkdir(parents=True)
    own.touch()
    it = Imaginary(SHELL, commands={'chromium-headless-shell': SHELL})
    assert ensure_headless_shell(it.machine, tmp_path / 'chromium-1' / 'linux64' / 'chrome') == own


@pytest.mark.parametrize('administrator', [False, True])
def test_only_the_administrator_installs_the_headless_shell(administrator: bool) -> None:
    install = ('apt-get', 'install', '--yes', 'chromium-headless-shell')
    it = Imaginary(commands={'apt-get': '/usr/bin/apt-get'}, administrator=administrator)
    assert ensure_headless_shell(it.machine, OWN) is None  # not in this system's packages
    assert it.ran == ([('apt-get', 'update'), install] if administrator else [])


PULSEAUDIO = {command: f'/usr/bin/{command}' for command in ('pulseaudio', 'pactl', 'paplay')}


def test_firefox_is_found_beside_a_sound_server() -> None:
    it = Imaginary(commands={'firefox-esr': '/usr/bin/firefox-esr', **PULSEAUDIO})
    assert ensure_firefox(it.machine) == Path('/usr/bin/firefox-esr')
    assert it.ran == []


@pytest.mark.parametrize('administrator', [False, True])
def test_only_the_administrator_installs_firefox_and_a_sound_server(administrator: bool) -> None:
    commands = {'firefox': '/usr/bin/firefox', 'apt-get': '/usr/bin/apt-get', 'sudo': '/usr/bin/sudo'}
    it = Imaginary(commands=commands, administrator=administrator)
    with pytest.raises(BrowserMissing, match='please install what is missing'):
        ensure_firefox(it.machine)
    assert [command[1] for command in it.ran] == (['update', 'install'] if administrator else [])
