"""How services say that something ended, and which text that means: error codes, close codes, HTTP statuses, reasons.

The texts are in assets/languages: `failures` tells why a call could not begin or ended, `notices` what happened in a
call that goes on. Sources: OpenAI's guide "Error codes" and its Realtime API reference; RFC 6455, section 7.4.1, for
close codes; Azure, LiteLLM and vLLM for the codes that only they have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

LONGEST_MESSAGE = 200
"""Characters of a service's own words that are worth showing."""


@dataclass(frozen=True)
class Ending:
    """How something ended. `code` is a key of the texts; `detail` has the service's own words, cleaned, or nothing."""

    code: str
    detail: str = ''


CODES = MappingProxyType(
    {
        'authentication_error': 'invalid_api_key',
        'billing_hard_limit_reached': 'insufficient_quota',
        'billing_not_active': 'insufficient_quota',
        'deploymentnotfound': 'model_not_found',  # Azure calls a model a deployment
        'ek_expired': 'invalid_api_key',
        'incorrect_api_key': 'invalid_api_key',
        'insufficient_quota': 'insufficient_quota',
        'invalid_api_key': 'invalid_api_key',
        'invalid_authentication': 'invalid_api_key',
        'invalid_model': 'model_not_found',
        'model_not_available': 'model_not_found',
        'model_not_found': 'model_not_found',
        'no_db_connection': 'invalid_api_key',  # LiteLLM without a database, for every key but its own
        'not_found_error': 'model_not_found',
        'quota_exceeded': 'insufficient_quota',
        'rate_limit_error': 'rate_limit_exceeded',
        'rate_limit_exceeded': 'rate_limit_exceeded',
        'session_expired': 'session_expired',
        'tokens_exceeded': 'rate_limit_exceeded',
        'too_many_requests': 'rate_limit_exceeded',
    }
)
"""The code of Parley's texts, by a code or type of a service in lower case."""

PHRASES = (
    (r'maximum duration|session (has )?expired', 'session_expired'),
    (r'quota|billing|credit balance|out of credits?|insufficient (funds|balance)', 'insufficient_quota'),
    (r'rate.?limit|too many requests', 'rate_limit_exceeded'),
    (
        r'(invalid|incorrect|malformed|missing|no|wrong|expired) (proxy server )?(api|access) ?key|no connected db|'
        r'virtual key expected|'
        r'(invalid|incorrect|expired) (token|credentials|bearer)|unauthori[sz]ed|authentication (error|failed)',
        'invalid_api_key',
    ),
    (r'(invalid|unknown|unsupported) model|model\b.{0,80}(not found|does not exist|not exist)', 'model_not_found'),
)
"""Words of services that give no code, or one that says nothing, and the code that they mean."""

CLOSES = MappingProxyType(
    {
        1000: 'channel_closed',  # a regular end
        1001: 'channel_closed',  # the service goes away, as for a restart
        1006: 'connection_lost',  # no close frame: the connection broke
        1008: 'ended_by_service',  # against the service's policy
        1009: 'message_too_long',
        1011: 'channel_closed',  # an error of the service, or a network that stood still
        1012: 'channel_closed',  # the service restarts
        1013: 'channel_closed',  # the service is overloaded
        1014: 'channel_closed',  # a gateway got a bad answer
    }
)
"""The code of a WebSocket's close code; others are `ended_by_service`. A call that is `channel_closed` can go on."""

REASONS = MappingProxyType(
    {
        'client_cancelled': '',
        'content_filter': 'content_filter',
        'max_output_tokens': 'max_output_tokens',
        'turn_detected': '',
    }
)
"""The notice of a `status_details.reason` of `response.done`; nothing for those that the user caused."""

HARMLESS = frozenset(
    {
        'conversation_already_has_active_response',
        'input_audio_buffer_commit_empty',
        'item_create_duplicate_item_id',
        'item_delete_invalid_item_id',
        'item_not_found',
        'item_retrieve_invalid_item_id',
        'item_truncate_invalid_item_id',
        'response_cancel_not_active',
    }
)
"""Codes of errors in a running call that only say that a client event came too late to matter."""


FOR_THE_HOST = frozenset(
    {
        'engine_stopped',
        'http_401',
        'http_403',
        'http_404',
        'insufficient_quota',
        'invalid_api_key',
        'provider_answer_unusable',
        'provider_unreachable',
    }
)
"""Codes of failures that only the host can mend: by the key, the file .env, the account, or a restart."""


def known_code(*labels: str | None, message: str = '') -> str:
    """Return the code of Parley's texts for a service's codes and types, or for its words; '' if none is known."""
    for label in labels:
        if known := CODES.get((label or '').strip().lower()):
            return known
    for phrase, code in PHRASES:
        if re.search(phrase, message, re.IGNORECASE):
            return code
    return ''


def of_close(code: int, reason: str) -> Ending:
    """Return how a call ended whose service closed the WebSocket. The reason says more than the code if it is known."""
    detail = cleaned(reason)
    return Ending(known_code(message=detail) or CLOSES.get(code, 'ended_by_service'), detail)


def cleaned(text: str) -> str:
    """Return words from outside as one line of bounded length, without control characters and other unseen ones."""
    printable = ''.join(letter if letter.isprintable() else ' ' for letter in text[: 4 * LONGEST_MESSAGE])
    line = ' '.join(printable.split())
    return line if len(line) <= LONGEST_MESSAGE else f'{line[: LONGEST_MESSAGE - 1]}…'
