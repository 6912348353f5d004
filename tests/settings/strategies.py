"""Hypothesis strategies: valid settings and personas, and arbitrary JSON as it might be in storage."""

from dataclasses import fields

from hypothesis import strategies as st

from components.settings.catalogue import CATALOGUES, ProviderKind
from components.settings.personas.faces import FACES
from components.settings.personas.persona import LONGEST, Persona, tidy_text
from components.settings.personas.personas import BUILT_IN
from components.settings.settings import Settings


def _of(provider: ProviderKind) -> st.SearchStrategy[Settings]:
    offer = CATALOGUES[provider]
    return st.builds(
        Settings,
        provider=st.just(provider),
        model=st.sampled_from(list(offer.models)),
        voice=st.sampled_from(list(offer.voices)),
        persona=st.sampled_from(list(BUILT_IN.values())),
        instructions=st.text(),
        reasoning=st.sampled_from(['minimal', 'low', 'medium', 'high', 'xhigh']),
        speed=st.floats(0.25, 1.5),
        greets=st.booleans(),
        output=st.sampled_from(['voice', 'text']),
        answer_length=st.sampled_from(['short', 'medium', 'long', 'unlimited']),
        language=st.sampled_from(list(offer.languages)),
        transcription=st.booleans(),
        transcription_model=st.sampled_from(list(offer.transcription_models)),
        turn_detection=st.sampled_from(['server_vad', 'semantic_vad', 'push_to_talk']),
        threshold=st.floats(0.1, 0.9),
        silence_ms=st.integers(200, 3000),
        idle_timeout_s=st.just(0) | st.integers(5, 30),
        eagerness=st.sampled_from(['auto', 'low', 'high']),
        interruption=st.booleans(),
        noise_reduction=st.sampled_from(['off', 'near_field', 'far_field']),
        transport=st.sampled_from(['auto', 'webrtc', 'relay']),
    )


all_settings = st.one_of(_of('openai'), _of('engine'))

_words = st.text() | st.sampled_from(
    ['openai', 'engine', 'rehearsal-1', 'whisper-1', 'gpt-realtime', 'zh', 'off', 'tutor', 'text', 'short', 'high']
)
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | _words
_json = st.recursive(_scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)
_names = st.sampled_from([field.name for field in fields(Settings)]) | st.text()

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
