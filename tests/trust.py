"""Lets a browser trust a certificate authority, as a guest does who installs Parley's."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .browser import Machine, this_machine

PACKAGES = {
    'apt-get': ('apt-get', 'install', '--yes', 'libnss3-tools'),
    'dnf': ('dnf', 'install', '--assumeyes', 'nss-tools'),
    'apk': ('apk', 'add', 'nss-tools'),
    'pacman': ('pacman', '--sync', '--noconfirm', 'nss'),
}
"""How the tool is installed that puts certificates where Chromium looks for them on Linux."""


def trusting_home(folder: Path, authority: Path) -> Path:
    """Make a home folder whose browser trusts the authority in a PEM file, and no other that is not built in.

    Skips the test on machines where that cannot be done without touching what their owner trusts.
    """
    tool = certutil(this_machine())
    database = folder / '.pki' / 'nssdb'
    database.mkdir(parents=True)
    certificate = folder / 'authority.crt'
    certificate.write_bytes(x509.load_pem_x509_certificate(authority.read_bytes()).public_bytes(Encoding.DER))
    for command in (
        ('-N', '--empty-password'),
        ('-A', '-n', 'Parley', '-t', 'C,,', '-i', str(certificate)),
    ):
        subprocess.run([tool, '-d', f'sql:{database}', *command], check=True, capture_output=True)
    return folder


def certutil(machine: Machine) -> str:
    """Find the tool, or install it where that needs no password."""
    if machine.system != 'Linux':
        pytest.skip(f'on {machine.system} browsers trust what the system trusts, which no test may change')
    if not machine.which('certutil') and machine.administrator:
        for manager, command in PACKAGES.items():
            if machine.which(manager):
                machine.run(command)
    if found := shutil.which('certutil'):
        return found
    pytest.skip('certutil is missing: install libnss3-tools (Debian), nss-tools (Fedora) or nss (Arch)')
