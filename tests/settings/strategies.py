"""Hypothesis strategies: valid settings and personas, and arbitrary JSON as it might be in storage."""

from typing import Any

from hypothesis import strategies as st

from components.settings.catalogue import CATALOGUES, Catalogue, ProviderKind
from components.settings.personas.faces import FACES
from components.settings.personas.persona import LONGEST, Persona, tidy_text
from components.settings.personas.personas import BUILT_IN
from components.settings.setting import Setting
from components.settings.settings import Settings


def _of(provider: ProviderKind) -> st.SearchStrategy[Settings]:
    values = {name: _values(row, CATALOGUES[provider]) for name, row in Settings.table().items()}
    return st.builds(Settings, **{**values, 'provider': st.just(provider)})


def _values(row: Setting, offer: Catalogue) -> st.SearchStrategy[Any]:
    if row.offered:
        return st.sampled_from(list(row.offered(offer)))
    if row.bounds:
        low, high = row.bounds
        numbers = st.integers(int(low), int(high)) if row.kind is int else st.floats(low, high)
        return numbers.filter(row.valid)
    return st.sampled_from(list(BUILT_IN.values())) if row.kind is Persona else st.from_type(row.kind)


all_settings = st.one_of(_of('openai'), _of('engine'))

_words = st.text() | st.sampled_from(
    ['openai', 'engine', 'rehearsal-1', 'whisper-1', 'gpt-realtime', 'zh', 'off', 'tutor', 'text', 'short', 'high']
)
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | _words
_json = st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
_names = st.sampled_from(list(Settings.table())) | st.text()

garbage = st.dictionaries(_names, _json) | _json


def _text(field: str) -> st.SearchStrategy[str]:
    return st.text(max_size=LONGEST[field]).map(lambda text: tidy_text(field, text)[: LONGEST[field]].strip())


personas = st.builds(
    Persona,
    id=st.just(''),
    name=_text('name').filter(bool),
    tagline=_text('tagline'),
    instructions=_text('instructions').filter(bool),
    voice=st.sampled_from(list(CATALOGUES['openai'].voices)),
    language=st.sampled_from(list(CATALOGUES['openai'].languages)),
    greeting=_text('greeting'),
    face=st.sampled_from(FACES),
)
"""Valid personas without an id, as they are exported and shared."""

nonsense = _json
"""Any value that JSON can hold."""
