"""The client of one provider: OpenAI, or any other server that speaks its Realtime protocol."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx

from .connection.connection import ServiceConnection, SocketConnection
from .connection.socket import ServiceRefused
from .connection.translated_socket import translated
from .error import ProviderError, json_object
from .profile import PROFILES, Profile
from .rest_client import TIMEOUT, RestClient
from .text_writer import MOST_TOKENS, WRITING_TIMEOUT
from .ticket import PlacedCall, SocketAddress, Ticket

TICKET_LIFETIME = 120
"""Seconds that an ephemeral key is valid.

Short, because the key could open several sessions; the service allows 10 to 7200 (API reference, "Create client
secret"). A call that has begun outlives its key.
"""

Session = Mapping[str, object]


class RealtimeService:
    """Fetches tickets and places calls with a server's key, which only leaves this object in request headers.

    Args:
        key: The server's key; empty for a server that needs none.
        client: The HTTP client.
        profile: The provider's profile; its base URL must be known.
        proxy: The URL of the proxy for WebSockets; `client` has its own.
        calls_url: The URL to which the browser sends its offer; by default `{base_url}/realtime/calls`.
        connect: Opens a session with a model within this program. By default sessions are WebSockets.
        timeout: Seconds for one request.
        now: Gives Unix seconds.

    Raises:
        BadSetup: The key contains invalid characters; the message doesn't repeat it.
    """

    def __init__(
        self,
        key: str,
        client: httpx.AsyncClient,
        profile: Profile = PROFILES['openai'],
        *,
        proxy: str | None = None,
        calls_url: str | None = None,
        connect: Callable[[str], Awaitable[ServiceConnection]] | None = None,
        timeout: float = TIMEOUT,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.profile = profile
        self._api = RestClient(key, client, profile, timeout=timeout)
        self._proxy = proxy
        self.calls_url = calls_url or self._api.url('realtime/calls')
        self._connect = connect
        self.hangs_up: bool | None = True if connect or profile.base_url == _OWN.get(profile.kind) else None
        """Whether calls can be ended here; None if nobody has asked. Gateways often lack this part of the API."""
        self._now = now

    async def mint(self, session: Session, browser_id: str) -> Ticket:
        """Fetch a ticket for one call.

        Args:
            session: The session object that the call will have.
            browser_id: Distinguishes the users of one key; the service only sees its SHA-256.

        Raises:
            ProviderError: The provider gave no ticket.
        """
        asked_at = self._now()
        body = {'expires_after': {'anchor': 'created_at', 'seconds': TICKET_LIFETIME}, 'session': session}
        answer = await self._api.post('realtime/client_secrets', headers=self._headers(browser_id), json=body)
        if not answer.is_success:
            raise self._api.read_error(answer.status_code, answer.content)
        token, expires_at = _read_ticket(answer)
        # clocks may differ, so the service's expiry only counts if it is earlier than what we asked for
        return Ticket(self.calls_url, token, min(expires_at, asked_at + TICKET_LIFETIME))

    async def place(self, offer: str, session: Session, browser_id: str) -> PlacedCall:
        """Place a call over WebRTC for a browser, from its SDP offer.

        Args:
            offer: The browser's SDP.
            session: The session object that the call will have.
            browser_id: As for `mint`.

        Raises:
            ProviderError: The provider didn't take the call.
        """
        if self.profile.form:
            form = [
                ('sdp', (None, offer, 'application/sdp')),
                ('session', (None, json.dumps(session), 'application/json')),
            ]
            answer = await self._api.post('realtime/calls', headers=self._headers(browser_id), files=form)
        else:
            ticket = await self.mint(session, browser_id)
            headers = {'Authorization': f'Bearer {ticket.token}', 'Content-Type': 'application/sdp'}
            answer = await self._api.post('realtime/calls', headers=headers, content=offer.encode())
        if not answer.is_success:
            raise self._api.read_error(answer.status_code, answer.content)
        if not answer.text.startswith('v=0'):
            raise ProviderError('provider_answer_unusable', "The answer isn't SDP")
        call_id = answer.headers.get('location', '').rpartition('/')[2]
        return PlacedCall(answer.text, call_id if re.fullmatch(r'[\w-]{1,200}', call_id) else '')

    async def hang_up(self, call_id: str) -> None:
        """End a call that was placed here.

        Raises:
            ProviderError: For example `http_404` if the call has already ended, or `cannot_hang_up` if the service does
                not know how.
        """
        answer = await self._api.post(f'realtime/calls/{call_id}/hangup')
        if answer.is_success:
            return
        self.hangs_up = self.hangs_up or _knows_calls(answer)
        if answer.status_code in (404, 405) and not self.hangs_up:
            raise ProviderError('cannot_hang_up', 'The service has no way to hang up a call')
        raise self._api.read_error(answer.status_code, answer.content)

    async def learn_whether_it_hangs_up(self) -> bool:
        """Ask the service, unless it is known, whether it can end a call: by hanging up one that does not exist.

        Returns whether this is known only now.
        """
        if self.hangs_up is not None:
            return False
        with suppress(ProviderError):  # it cannot be reached, so nobody knows
            answer = await self._api.post('realtime/calls/rtc_none/hangup')
            self.hangs_up = answer.is_success or _knows_calls(answer)
        return self.hangs_up is not None

    async def write(self, instructions: str, text: str) -> str:
        """Let the profile's text model write a text, see `TextWriter`.

        Raises:
            ProviderError: It wrote nothing.
        """
        body = {
            'model': self.profile.text_model,
            'messages': [{'role': 'system', 'content': instructions}, {'role': 'user', 'content': text}],
            'max_completion_tokens': MOST_TOKENS,
        }
        answer = await self._api.post('chat/completions', WRITING_TIMEOUT, json=body)
        if not answer.is_success:
            raise self._api.read_error(answer.status_code, answer.content)
        return _read_text(answer)

    @property
    def has_key(self) -> bool:
        """Whether there is a key."""
        return self._api.has_key

    async def ask_status(self) -> int:
        """Return the HTTP status of the provider's list of models. Raises ProviderError if it doesn't answer."""
        return (await self._api.get('models')).status_code

    async def try_key(self, session: Mapping[str, Any]) -> None:
        """Try the key in the way in which calls use it, without placing one.

        Args:
            session: The session object of a call.

        Raises:
            ProviderError: The provider doesn't take the key, or can't be reached.
        """
        if self.profile.placing == 'websocket':
            await (await self.connect(str(session['model']), _TRIAL)).close()
        elif self.profile.placing == 'ephemeral' or not self.profile.form:
            await self.mint(session, _TRIAL)
        else:
            answer = await self._api.get('models')
            if not answer.is_success:
                raise self._api.read_error(answer.status_code, answer.content)

    async def connect(self, model: str, browser_id: str) -> ServiceConnection:
        """Open a session for one call whose sound goes through Python.

        Args:
            model: The model that answers.
            browser_id: As for `mint`.

        Raises:
            ProviderError: The provider can't be reached or refused.
        """
        try:
            async with asyncio.timeout(self._api.timeout):
                if self._connect:
                    return await self._connect(model)
                from .connection.network_socket import open_network_socket

                socket = await open_network_socket(self.socket(model, browser_id))
                return SocketConnection(translated(socket, self.profile.dialect))
        except TimeoutError:
            failure = ProviderError('provider_timeout', f'No answer within {self._api.timeout:g} s', status=504)
        except ServiceRefused as refused:
            failure = self._api.read_error(refused.status, refused.body)
        except OSError as error:
            failure = self._api.unreachable(error)
        raise failure  # outside the except clauses: errors may hold the request, and with it the key

    def socket(self, model: str, browser_id: str) -> SocketAddress:
        """Return where `connect` opens a WebSocket, and with which headers."""
        url = httpx.URL(self._api.url('realtime'))
        scheme = 'wss' if url.scheme == 'https' else 'ws'
        url = url.copy_with(scheme=scheme).copy_merge_params({'model': model})
        return SocketAddress(str(url), self._headers(browser_id), self._proxy)

    def read_error(self, status: int, content: bytes) -> ProviderError:
        """Read a response of this provider that isn't the expected one, without the key in it."""
        return self._api.read_error(status, content)

    async def close(self) -> None:
        """Close the connections that are kept open."""
        await self._api.close()

    def _headers(self, browser_id: str) -> dict[str, str]:
        return {
            **self._api.authentication,
            'OpenAI-Safety-Identifier': hashlib.sha256(browser_id.encode()).hexdigest(),
        }


def _knows_calls(answer: httpx.Response) -> bool:
    """Whether this refusal to hang up is about the call. One about the URL has no such code."""
    error = json_object(answer.content).get('error')
    return isinstance(error, dict) and error.get('code') in _UNKNOWN_CALL


def _read_text(answer: httpx.Response) -> str:
    try:
        text = json_object(answer.content)['choices'][0]['message']['content']  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        text = None
    if not isinstance(text, str) or not text.strip():
        raise ProviderError('provider_answer_unusable', "The answer doesn't contain a text")
    return text


def _read_ticket(answer: httpx.Response) -> tuple[str, float]:
    data = json_object(answer.content)
    token, expires_at = data.get('value'), data.get('expires_at')
    if not isinstance(token, str) or not re.fullmatch(r'[!-~]+', token):
        raise ProviderError('provider_answer_unusable', "The answer doesn't contain a token")
    if not isinstance(expires_at, int | float) or isinstance(expires_at, bool):
        raise ProviderError('provider_answer_unusable', "The answer doesn't say when the token expires")
    return token, float(expires_at)


_TRIAL = 'trial'
"""Stands for the user where no user calls."""

_OWN = {kind: profile.base_url for kind, profile in PROFILES.items() if kind in ('openai', 'engine')}
"""The addresses of services whose API is known to hang up."""
_UNKNOWN_CALL = {'call_id_not_found', 'call_not_found', 'session_not_found'}
