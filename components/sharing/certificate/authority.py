"""Parley's own certificate authority: it signs the certificate of this machine, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from components.sharing.addresses import IPAddress
from components.sharing.errors import SharingError

from .private_files import private_folder, write_private

LIFETIME = timedelta(days=3650)

LEAF_LIFETIME = timedelta(days=397)
"""Apple accepts at most 825 days from an authority that a user added, and 398 from any other."""

BACKDATED = timedelta(days=1)
"""Margin for guests' clocks that are behind ours."""

LOCAL_NAMES = ('localhost', 'local', 'lan', 'internal', 'home.arpa')
"""Names that the authority may sign besides the machine's own name and bare addresses.

The limit makes a stolen key useless for impersonating sites on the internet (RFC 5280, 4.2.1.10).
"""

LOCAL_NETWORKS = tuple(
    ip_network(each)
    for each in (
        *('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', '127.0.0.0/8'),
        *('fc00::/7', 'fe80::/10', '::1/128'),
    )
)
"""Addresses that the authority may sign besides this machine's own: they mean nothing on the internet."""

EARLIEST = datetime.fromisoformat('2026-01-01T00:00:00+00:00')
"""A clock that shows an earlier time is wrong, since this code is newer."""


class Authority:
    """Signs the certificate of this machine.

    Attributes:
        certificate: The certificate that guests may install. The key never leaves this machine.
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self.certificate = certificate

    @classmethod
    def keep(cls, folder: Path, hostname: str, now: datetime, addresses: Sequence[IPAddress] = ()) -> Authority:
        """Return the authority kept in a folder.

        Makes one on first use, or if it has expired, is damaged, or may sign none of the machine's addresses.

        Raises:
            SharingError: The clock is wrong, or the folder can't be used.
        """
        if now < EARLIEST:
            raise SharingError(f'The clock of this computer says {now:%Y-%m-%d}. Set it, then share again.', 'clock')
        path = folder / 'authority.pem'
        try:
            private_folder(folder)
            if path.exists() and (kept := cls._read(path)) and now < kept.certificate.not_valid_after_utc - RENEWAL:
                kept._check_begun(now)
                if kept.allowed_addresses(addresses) or not addresses:
                    path.chmod(0o600)
                    return kept
            made = cls.make(hostname, now, addresses)
            write_private(path, made._pem())
        except OSError as error:
            raise SharingError(
                f"Parley can't keep its certificates in {folder}: {error.strerror}.", 'folder'
            ) from error
        return made

    @classmethod
    def make(cls, hostname: str, now: datetime, addresses: Sequence[IPAddress] = ()) -> Authority:
        """Make a new authority for a machine of this name, with these addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f'Parley on {hostname}'[:64])])
        own = [each for each in _dns_names([hostname]) if not _may_be_suffix(each)]
        permitted = [
            *map(x509.DNSName, dict.fromkeys((*LOCAL_NAMES, *own))),
            *map(x509.IPAddress, [*LOCAL_NETWORKS, *_public_networks(addresses)]),
        ]
        certificate = (
            _begin(name, name, key.public_key(), now, LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        return cls(key, certificate)

    def issue(self, names: Iterable[str], addresses: Sequence[IPAddress], now: datetime) -> bytes:
        """Make a key and a certificate for the allowed names and the addresses. Returns both as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, 'Parley')])
        alternatives = [
            *map(x509.DNSName, self.allowed(names)),
            *map(x509.IPAddress, self.allowed_addresses(addresses)),
        ]
        certificate = (
            _begin(subject, self.certificate.subject, key.public_key(), now, LEAF_LIFETIME)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
            .sign(self._key, SHA256())
        )
        return _private_pem(key) + certificate.public_bytes(Encoding.PEM)

    def allowed(self, names: Iterable[str]) -> list[str]:
        """Return those of the names that it may sign: the machine may have been renamed since."""
        ends = tuple(f'.{each.value}' for each in self._permitted if isinstance(each, x509.DNSName))
        return [name for name in dict.fromkeys(_dns_names(names)) if f'.{name}'.endswith(ends)]

    def allowed_addresses(self, addresses: Iterable[IPAddress]) -> list[IPAddress]:
        """Return those of the addresses that it may sign."""
        networks = [ip_network(str(each.value)) for each in self._permitted if isinstance(each, x509.IPAddress)]
        return [each for each in addresses if any(each in network for network in networks)]

    def signed(self, certificate: x509.Certificate) -> bool:
        """Tell whether this authority signed a certificate."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    @property
    def der(self) -> bytes:
        """The authority's certificate in DER, as devices install it."""
        return self.certificate.public_bytes(Encoding.DER)

    @classmethod
    def _read(cls, path: Path) -> Authority | None:
        data = path.read_bytes()
        try:
            key = load_pem_private_key(data, password=None)
            kept = (
                cls(key, x509.load_pem_x509_certificate(data)) if isinstance(key, ec.EllipticCurvePrivateKey) else None
            )
        except (ValueError, TypeError):
            return None
        if kept is None or not kept.signed(kept.certificate):
            return None
        limited = any(isinstance(each, x509.IPAddress) for each in kept._permitted)
        return kept if limited else None  # older versions of Parley signed any address

    @property
    def _permitted(self) -> list[x509.GeneralName]:
        constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return list(constraints.permitted_subtrees or ())

    def _check_begun(self, now: datetime) -> None:
        begin = self.certificate.not_valid_before_utc
        if now < begin:
            raise SharingError(
                f'The clock of this computer says {now:%Y-%m-%d}, which is before its certificates were made. '
                'Set it, then share again.',
                'clock',
            )

    def _pem(self) -> bytes:
        return _private_pem(self._key) + self.certificate.public_bytes(Encoding.PEM)


RENEWAL = timedelta(days=30)
"""How long before its end a certificate is renewed."""


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    begin = (now - BACKDATED).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + lifetime)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _dns_names(names: Iterable[str]) -> list[str]:
    """Return the names that a certificate can hold, since a machine may have any name."""
    return [name.lower() for name in names if name.isascii() and all(part.strip('-') for part in name.split('.'))]


def _may_be_suffix(name: str) -> bool:
    """Tell whether a bare name may be a top-level domain: these have letters only, or begin with `xn--` (RFC 1123)."""
    return name.isalpha() or name.startswith('xn--')


def _public_networks(addresses: Iterable[IPAddress]) -> list[IPv4Network | IPv6Network]:
    """Return those of the machine's addresses that are public; of IPv6 the network, as they change within it."""
    public = [each for each in addresses if not any(each in network for network in LOCAL_NETWORKS)]
    return list(dict.fromkeys(ip_network(f'{each}/{32 if each.version == 4 else 64}', strict=False) for each in public))


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
