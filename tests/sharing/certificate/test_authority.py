"""Parley's own certificate authority: made once, kept privately, and good for little else."""

import ssl
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from components.sharing.certificate.authority import LEAF_LIFETIME, RENEWAL, Authority
from components.sharing.certificate.certificate import Certificate, keep_certificate, own_certificate
from components.sharing.certificate.private_files import write_private
from components.sharing.errors import SharingError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAMES = ('studio-7', 'studio-7.local', 'localhost')
ADDRESSES = (ip_address('192.168.1.7'), ip_address('fd00::7'))


def keep(folder: Path, now: datetime = NOW) -> Authority:
    return Authority.keep(folder, 'studio-7', now)


def certificate(folder: Path, now: datetime = NOW, addresses: Sequence[str] = ('192.168.1.7',)) -> bytes:
    """Return the content of the certificate file after a certificate was requested."""
    kept = keep_certificate(keep(folder), folder, NAMES, [ip_address(each) for each in addresses], now)
    return kept.file.read_bytes()


def test_the_authority_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    folder = tmp_path / 'data' / 'sharing'
    first = keep(folder)
    keep_certificate(first, folder, NAMES, ADDRESSES, NOW)
    assert keep(folder, NOW + timedelta(days=1000)).certificate == first.certificate
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        'authority.pem': 0o600,
        'machine.pem': 0o600,
    }


def test_a_private_file_is_private_from_the_first_moment_and_replaces_another_at_once(tmp_path: Path) -> None:
    path = tmp_path / 'secret'
    path.write_text('old')
    path.chmod(0o644)
    write_private(path, b'new')
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b'new', 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_readable_files_become_private(tmp_path: Path) -> None:
    first = keep(tmp_path)
    tmp_path.chmod(0o755)
    (tmp_path / 'authority.pem').chmod(0o644)
    assert keep(tmp_path).certificate == first.certificate
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / 'authority.pem').stat().st_mode & 0o777 == 0o600


def test_openssl_agrees_with_the_chain_for_every_name_and_address(tmp_path: Path) -> None:
    issued = keep_certificate(keep(tmp_path), tmp_path, NAMES, ADDRESSES, datetime.now(UTC))
    check = ['openssl', 'verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', str(tmp_path / 'authority.pem')]
    for wanted in (['-verify_hostname', 'studio-7.local'], ['-verify_ip', '192.168.1.7'], ['-verify_ip', 'fd00::7']):
        subprocess.run([*check, *wanted, str(issued.file)], check=True, capture_output=True)


def test_a_stolen_key_cannot_sign_for_internet_sites(tmp_path: Path) -> None:
    authority = keep(tmp_path)
    assert authority.allowed([*NAMES, 'openai.com', 'evilstudio-7', 'studio-7.evil.com', 'büro', 'a..b']) == list(NAMES)
    authority.allowed = lambda names: list(names)  # type: ignore[method-assign]
    forged = tmp_path / 'forged.pem'
    forged.write_bytes(authority.issue(['openai.com'], [], datetime.now(UTC)))
    check = ['openssl', 'verify', '-CAfile', str(tmp_path / 'authority.pem'), str(forged)]
    assert 'permitted subtree violation' in subprocess.run(check, check=False, capture_output=True, text=True).stderr


@pytest.mark.parametrize('name', ['dev', 'com', 'studio', 'xn--p1ai', 'DEV'])
def test_a_computer_named_like_a_top_level_domain_gets_no_say_over_it(name: str) -> None:
    authority = Authority.make(name, NOW)
    assert authority.allowed([name, f'web.{name}', f'{name}.local']) == [f'{name}.local'.lower()]


def test_only_private_addresses_are_signed(tmp_path: Path) -> None:
    authority = keep(tmp_path)
    public = [ip_address('8.8.8.8'), ip_address('2001:4860::8888')]
    kept = keep_certificate(authority, tmp_path, NAMES, [*ADDRESSES, *public], NOW)
    assert kept.addresses == {*ADDRESSES}
    constraints = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    signable = [str(each.value) for each in constraints.permitted_subtrees or () if isinstance(each, x509.IPAddress)]
    assert not any(address in ip_network(network) for address in public for network in signable)


def test_the_machines_own_public_address_is_signed(tmp_path: Path) -> None:
    keep(tmp_path)
    mine = [ip_address('203.0.113.7'), ip_address('2001:db8::7')]
    authority = Authority.keep(tmp_path, 'studio-7', NOW, mine)
    assert authority.allowed_addresses([*mine, ip_address('203.0.113.8'), ip_address('2001:db8:0:1::7')]) == mine
    assert Authority.keep(tmp_path, 'studio-7', NOW, [*mine, *ADDRESSES]).certificate == authority.certificate


def test_the_authority_vouches_for_servers_only(tmp_path: Path) -> None:
    usage = keep(tmp_path).certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert list(usage.value) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_the_certificate_has_the_extensions_that_browsers_require(tmp_path: Path) -> None:
    authority = keep(tmp_path)
    leaf = x509.load_pem_x509_certificate(authority.issue(NAMES, ADDRESSES, NOW))
    constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints)
    assert not constraints.value.ca
    assert list(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.SERVER_AUTH
    ]
    assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    assert leaf.not_valid_before_utc == NOW - timedelta(days=1)  # a guest's clock may be behind
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == LEAF_LIFETIME <= timedelta(days=397)
    assert authority.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_the_certificate_stays_until_addresses_change_or_it_ages(tmp_path: Path) -> None:
    first = certificate(tmp_path)
    assert certificate(tmp_path) == first
    assert certificate(tmp_path, NOW + LEAF_LIFETIME - RENEWAL - timedelta(days=2)) == first
    moved = certificate(tmp_path, addresses=['192.168.1.8'])
    assert moved != first
    assert certificate(tmp_path, NOW + LEAF_LIFETIME - RENEWAL, ['192.168.1.8']) != moved


def test_a_certificate_issued_in_the_future_is_replaced(tmp_path: Path) -> None:
    ahead = keep_certificate(keep(tmp_path), tmp_path, NAMES, ADDRESSES, NOW + timedelta(days=200)).file.read_bytes()
    assert keep_certificate(keep(tmp_path), tmp_path, NAMES, ADDRESSES, NOW).file.read_bytes() != ahead


def test_a_wrong_clock_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SharingError, match=r'The clock of this computer says 1970-01-01\. Set it'):
        keep(tmp_path, datetime(1970, 1, 1, tzinfo=UTC))
    keep(tmp_path)
    with pytest.raises(SharingError, match='which is before its certificates were made'):
        keep(tmp_path, NOW - timedelta(days=30))


@pytest.mark.parametrize(
    'damage', [b'', b'nonsense', b'-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n']
)
def test_damaged_files_are_replaced(tmp_path: Path, damage: bytes) -> None:
    certificate(tmp_path)
    for name in ('authority.pem', 'machine.pem'):
        (tmp_path / name).write_bytes(damage)
    issued = keep_certificate(keep(tmp_path), tmp_path, NAMES, ADDRESSES, NOW)
    issued.load_into(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH))


def test_an_authority_that_is_nearly_over_is_followed_by_another(tmp_path: Path) -> None:
    first = keep(tmp_path)
    later = first.certificate.not_valid_after_utc - timedelta(days=1)
    second = keep(tmp_path, later)
    assert second.certificate != first.certificate
    leaf = keep_certificate(second, tmp_path, NAMES, ADDRESSES, later)
    assert second.signed(x509.load_pem_x509_certificate(leaf.file.read_bytes()))


def test_an_unwritable_folder_is_reported_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / 'sharing').write_text('a file, not a folder')
    with pytest.raises(SharingError, match=r"Parley can't keep its certificates in .*sharing: File exists"):
        keep(tmp_path / 'sharing')


class TestOwnCertificate:
    """Those that a user brings by --cert and --key."""

    def test_its_names_and_addresses_are_read(self, tmp_path: Path) -> None:
        file, key = own(tmp_path)
        found = own_certificate(file, key, NOW)
        assert found == Certificate(file, key, frozenset(NAMES), frozenset(ADDRESSES))

    def test_one_file_may_hold_both(self, tmp_path: Path) -> None:
        (tmp_path / 'both.pem').write_bytes(keep(tmp_path / 'authority').issue(NAMES, ADDRESSES, NOW))
        assert own_certificate(tmp_path / 'both.pem', None, NOW).names == frozenset(NAMES)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        file, _ = own(tmp_path)
        with pytest.raises(SharingError, match=r"Parley can't read .*nowhere\.pem: No such file or directory\."):
            own_certificate(tmp_path / 'nowhere.pem', None, NOW)
        with pytest.raises(SharingError, match=r"Parley can't read .*nowhere\.pem"):
            own_certificate(file, tmp_path / 'nowhere.pem', NOW)

    def test_a_file_that_is_no_certificate(self, tmp_path: Path) -> None:
        (tmp_path / 'letter.txt').write_text('Dear Sir or Madam')
        with pytest.raises(SharingError, match="isn't a certificate"):
            own_certificate(tmp_path / 'letter.txt', None, NOW)

    def test_one_that_has_ended_or_not_begun(self, tmp_path: Path) -> None:
        file, key = own(tmp_path)
        with pytest.raises(SharingError, match=r'expired on 2027-12-26\. Renew it'):
            own_certificate(file, key, NOW + timedelta(days=400))
        with pytest.raises(SharingError, match=r'is valid from 2026-11-24\. Check the clock of this computer\.'):
            own_certificate(file, key, NOW - timedelta(days=2))

    def test_the_key_of_another(self, tmp_path: Path) -> None:
        file, _ = own(tmp_path)
        _, other = own(tmp_path / 'other')
        with pytest.raises(SharingError, match="isn't the key of the certificate"):
            own_certificate(file, other, NOW)
        with pytest.raises(SharingError, match='Give the key with --key'):
            own_certificate(file, None, NOW)


def own(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key, in two files."""
    pem = keep(folder / 'authority').issue(NAMES, ADDRESSES, NOW)
    assert load_pem_private_key(pem, password=None)
    key, begin, rest = pem.partition(b'-----BEGIN CERTIFICATE-----')
    (folder / 'own.key').write_bytes(key)
    (folder / 'own.crt').write_bytes(begin + rest)
    return folder / 'own.crt', folder / 'own.key'
