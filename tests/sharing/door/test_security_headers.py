"""The security headers of every response."""

from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from components.sharing.door.security_headers import SecurityHeaders
from tests.sharing.door.house import House


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (each.split() for each in policy.split(';'))}


def test_the_page_may_load_and_call_only_what_it_needs() -> None:
    app = SecurityHeaders(PlainTextResponse('page'), ['https://api.openai.com'])
    answer = TestClient(app, base_url='https://studio.local:8443').get('/')
    policy = directives(answer.headers['content-security-policy'])
    assert policy['default-src'] == ["'none'"]
    assert policy['frame-ancestors'] == ["'none'"]
    assert policy['connect-src'] == ["'self'", 'wss://studio.local:8443', 'https://api.openai.com']
    assert policy['script-src'] == ["'self'", "'unsafe-inline'", "'unsafe-eval'"]
    assert not any(value in {'*', 'http:', 'https:'} for values in policy.values() for value in values)
    assert answer.headers['referrer-policy'] == 'no-referrer'
    assert answer.headers['x-content-type-options'] == 'nosniff'
    assert 'microphone=(self), camera=(self)' in answer.headers['permissions-policy']
    assert 'strict-transport-security' not in answer.headers


def test_the_joining_page_needs_even_less() -> None:
    answer = House().browser().get('/join')
    policy = directives(answer.headers['content-security-policy'])
    assert policy['script-src'] == policy['style-src'] == policy['form-action'] == ["'self'"]
    assert policy['default-src'] == policy['frame-ancestors'] == policy['base-uri'] == ["'none'"]
    assert answer.headers['referrer-policy'] == 'same-origin'
    assert answer.headers['cache-control'] == 'no-store'


def test_refusals_have_them_too() -> None:
    stranger = House().browser()
    for answer in (stranger.get('/'), stranger.post('/'), stranger.get('/', headers={'Host': 'evil.test'})):
        assert answer.headers['x-frame-options'] == 'DENY'
        assert 'frame-ancestors' in answer.headers['content-security-policy']
