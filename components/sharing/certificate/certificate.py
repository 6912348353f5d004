"""The certificate that this machine shows to its guests: made by Parley's authority, or the host's own."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509

from components.sharing.addresses import IPAddress
from components.sharing.errors import SharingError

from .authority import RENEWAL, Authority
from .private_files import write_private


@dataclass(frozen=True)
class Certificate:
    """A certificate on disk.

    Attributes:
        file: Its PEM file.
        key: The PEM file of its key; may be the same.
        names: The names for which it is valid.
        addresses: The addresses for which it is valid.
    """

    file: Path
    key: Path
    names: frozenset[str]
    addresses: frozenset[IPAddress]

    def load_into(self, context: ssl.SSLContext) -> None:
        """Use it for new connections; open ones aren't affected."""
        context.load_cert_chain(self.file, self.key, password=_no_password)


def keep_certificate(
    authority: Authority, folder: Path, names: Sequence[str], addresses: Sequence[IPAddress], now: datetime
) -> Certificate:
    """Return the certificate kept in a folder. Renews it if names or addresses have changed or it is about to expire.

    Raises:
        SharingError: The folder can't be used.
    """
    path = folder / 'machine.pem'
    try:
        if not (path.exists() and _fits(path, authority, authority.allowed(names), addresses, now)):
            write_private(path, authority.issue(names, addresses, now))
        path.chmod(0o600)
        return _described(path, path, _read(path))
    except OSError as error:
        raise SharingError(f"Parley can't keep its certificates in {folder}: {error.strerror}.", 'folder') from error


def own_certificate(file: Path, key: Path | None, now: datetime) -> Certificate:
    """Check the host's own certificate. Without `key`, the file contains both.

    Raises:
        SharingError: It can't be read, doesn't match its key, or isn't valid now.
    """
    try:
        certificate = _read(file)
        (key or file).read_bytes()
    except OSError as error:
        raise SharingError(f"Parley can't read {error.filename}: {error.strerror}.", 'certificate') from error
    except ValueError:
        raise SharingError(
            f"{file} isn't a certificate: a PEM file starts with BEGIN CERTIFICATE.", 'certificate'
        ) from None
    if now > certificate.not_valid_after_utc:
        ended = certificate.not_valid_after_utc
        raise SharingError(
            f'The certificate in {file} expired on {ended:%Y-%m-%d}. Renew it, or share without --cert.', 'certificate'
        )
    if now < certificate.not_valid_before_utc:
        begins = certificate.not_valid_before_utc
        raise SharingError(
            f'The certificate in {file} is valid from {begins:%Y-%m-%d}. Check the clock of this computer.', 'clock'
        )
    found = _described(file, key or file, certificate)
    try:
        found.load_into(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))
    except ssl.SSLError:
        raise SharingError(
            f"{key or file} isn't the key of the certificate in {file}, or has a password. Give the key with --key.",
            'certificate',
        ) from None
    return found


def _fits(
    path: Path, authority: Authority, names: Sequence[str], addresses: Sequence[IPAddress], now: datetime
) -> bool:
    try:
        certificate = _read(path)
        kept = _described(path, path, certificate)
        kept.load_into(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))
    except (ValueError, ssl.SSLError):
        return False
    return (
        authority.signed(certificate)
        and certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWAL
        and kept.names == frozenset(names)
        and kept.addresses == frozenset(authority.allowed_addresses(addresses))
    )


def _read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _described(file: Path, key: Path, certificate: x509.Certificate) -> Certificate:
    try:
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        held = x509.SubjectAlternativeName([])
    names = frozenset(name.lower() for name in held.get_values_for_type(x509.DNSName))
    addresses = frozenset(ip_address(str(each)) for each in held.get_values_for_type(x509.IPAddress))
    return Certificate(file, key, names, addresses)


def _no_password() -> str:
    return ''  # or OpenSSL would ask for it in the terminal
