"""A persona in a link."""

import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.personas.file import FileContent, UnreadableFile
from components.settings.personas.link import LONGEST_LINK, TooLong, fragment, unpack
from components.settings.personas.persona import Persona
from components.settings.personas.personas import BUILT_IN
from tests.settings.strategies import personas

ADA = Persona('', 'Ada', 'Counts', 'You are Ada.', 'ash', 'en', 'Hello.')


@given(personas)
def test_a_link_holds_the_whole_persona(persona: Persona) -> None:
    try:
        text = fragment(persona)
    except TooLong:
        return
    assert text.isascii()
    assert set(text) <= set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    assert unpack(text) == FileContent([persona], [])


@pytest.mark.parametrize('persona', BUILT_IN.values(), ids=BUILT_IN)
def test_instructions_of_usual_length_fit_into_a_link(persona: Persona) -> None:
    assert len(fragment(persona)) < LONGEST_LINK / 2


def test_a_persona_that_does_not_fit_into_a_link_is_refused() -> None:
    noise = ''.join(Random(1).choices('0123456789abcdef', k=8000))
    with pytest.raises(TooLong):
        fragment(replace(ADA, instructions=noise))


@given(st.text(max_size=200) | st.text('abcXYZ019-_', max_size=200))
def test_a_broken_link_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableFile):
        unpack(text)


def test_a_truncated_link_is_unreadable() -> None:
    text = fragment(ADA)
    for length in range(len(text) - 4):
        with pytest.raises(UnreadableFile):
            unpack(text[:length])


def test_a_small_link_does_not_expand_to_a_large_file() -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = urlsafe_b64encode(deflate.compress(b' ' * 2_000_000) + deflate.flush()).decode()
    assert len(bomb) < LONGEST_LINK
    with pytest.raises(UnreadableFile, match='too_large'):
        unpack(bomb)
    with pytest.raises(UnreadableFile, match='too_large'):
        unpack('A' * (LONGEST_LINK + 1))
