"""Browsers that lose direct calls to a provider go by the relay, by dated data."""

import pytest

from components.providers.browsers import AS_OF, DETOURS, Detour, detour

FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'
CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'


def test_the_data_is_dated_and_knows_firefox() -> None:
    assert len(AS_OF) == 10
    assert detour(FIREFOX, 'openai') in DETOURS
    assert detour(FIREFOX, 'engine') is None
    assert detour(CHROME, 'openai') is None
    assert detour('', 'openai') is None


@pytest.mark.parametrize(('fixed_in', 'applies'), [(None, True), (154, True), (153, False)])
def test_a_version_that_keeps_calls_goes_directly(fixed_in: int | None, applies: bool) -> None:
    assert Detour('Firefox', frozenset({'openai'}), fixed_in).applies(FIREFOX, 'openai') is applies
