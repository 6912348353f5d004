"""The authority's certificate as iPhones and iPads install it: a configuration profile."""

import plistlib
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

MEDIA_TYPE = 'application/x-apple-aspen-config'
"""Safari offers to install what has this type; a bare certificate would only be saved to Files."""


def configuration_profile(authority: bytes, machine: str) -> bytes:
    """Make a configuration profile (`.mobileconfig`) that installs an authority.

    The same certificate always makes the same profile, so that installing it again replaces the one before.

    Args:
        authority: The certificate, in DER.
        machine: The name by which people know this computer.
    """
    name = f'Parley on {machine}'
    fingerprint = sha256(authority).hexdigest()
    identifier = f'parley.{fingerprint[:16]}'
    certificate = {
        'PayloadType': 'com.apple.security.root',
        'PayloadVersion': 1,
        'PayloadIdentifier': f'{identifier}.authority',
        'PayloadUUID': str(uuid5(NAMESPACE_OID, f'{fingerprint} authority')).upper(),
        'PayloadDisplayName': name,
        'PayloadCertificateFileName': 'parley.cer',
        'PayloadContent': authority,
    }
    return plistlib.dumps(
        {
            'PayloadType': 'Configuration',
            'PayloadVersion': 1,
            'PayloadIdentifier': identifier,
            'PayloadUUID': str(uuid5(NAMESPACE_OID, f'{fingerprint} profile')).upper(),
            'PayloadDisplayName': name,
            'PayloadContent': [certificate],
        }
    )
