"""The configuration profile by which iPhones and iPads install the authority."""

import plistlib

from components.sharing.certificate.profile import configuration_profile


def test_a_profile_holds_the_certificate_as_a_root() -> None:
    profile = plistlib.loads(configuration_profile(b'a certificate', 'studio'))
    assert (profile['PayloadType'], profile['PayloadVersion']) == ('Configuration', 1)
    [root] = profile['PayloadContent']
    assert (root['PayloadType'], root['PayloadContent']) == ('com.apple.security.root', b'a certificate')
    assert profile['PayloadDisplayName'] == root['PayloadDisplayName'] == 'Parley on studio'
    assert profile['PayloadUUID'] != root['PayloadUUID']


def test_a_new_certificate_makes_another_profile_and_the_same_one_the_same() -> None:
    first = configuration_profile(b'a certificate', 'studio')
    assert configuration_profile(b'a certificate', 'studio') == first
    other = plistlib.loads(configuration_profile(b'another', 'studio'))
    assert other['PayloadIdentifier'] != plistlib.loads(first)['PayloadIdentifier']
    assert other['PayloadUUID'] != plistlib.loads(first)['PayloadUUID']
