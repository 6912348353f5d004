"""The field of the settings in which the host enters a provider's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import events, ui

from components.call.failure import failure
from components.providers.provider import Introduction
from components.settings.catalogue import ProviderKind
from components.sharing.door.gate import host_name, is_loopback, own_origin
from components.words.page import language, words

from .keys import Outcome, ProviderKeys


class KeyEntry(ui.element, component='key_entry.js'):
    """Takes the key of one provider. The browser holds it until it is saved; Python never sends it anywhere but there.

    Args:
        keys: Tries and keeps the key.
        provider: The provider.
        on_key: Called with the provider's kind when its calls use the key from now on.
    """

    def __init__(self, keys: ProviderKeys, provider: Introduction, on_key: Callable[[ProviderKind], object]) -> None:
        super().__init__()
        self._keys, self._kind, self._on_key = keys, provider.kind, on_key
        self.props['texts'] = language().section('key')
        self.props['provider'] = provider.label
        self.props['outcome'] = {}
        self.describe(provider)
        self.on('save', self._save)

    def describe(self, provider: Introduction) -> None:
        """Show whether the provider has a key."""
        self.props['present'] = provider.available

    async def _save(self, e: events.GenericEventArguments) -> None:
        entered: Any = e.args if isinstance(e.args, dict) else {}
        outcome = await self._keys.enter(self._kind, str(entered.get('key', '')), keep=entered.get('keep') is True)
        self.props['outcome'] = {'works': outcome.works, 'sentence': _sentence(outcome), 'count': entered.get('count')}
        if outcome.works:
            self._on_key(self._kind)


def may_enter_keys(scope: Mapping[str, Any]) -> bool:
    """Tell whether the page of this ASGI scope came over HTTPS or within this computer, so that nobody reads along."""
    return own_origin(scope).startswith('https:') or is_loopback(host_name(scope) or '')


def _sentence(outcome: Outcome) -> str:
    if outcome.works:
        overridden = words('key.overridden', variable=outcome.overriding) if outcome.overriding else ''
        return ' '.join(filter(None, [words(f'key.{outcome.result}', reason=outcome.detail), overridden]))
    if outcome.code in ('malformed', 'invalid_api_key', 'http_401'):
        return words('key.malformed' if outcome.code == 'malformed' else 'key.wrong')
    refused = failure(outcome.code, outcome.detail, words)
    return f'{refused.sentence} {refused.next_step}'
