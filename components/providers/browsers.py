"""Browsers that lose direct calls to some provider. The data is `assets/browsers.json`."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from components.settings.catalogue import ProviderKind


@dataclass(frozen=True)
class Detour:
    """Calls of a browser that go by the relay, since they are lost over WebRTC.

    Attributes:
        browser: The browser's name in its `User-Agent`.
        providers: The providers whose calls are lost.
        fixed_in: The first version that keeps them; None if there is none yet.
    """

    browser: str
    providers: frozenset[ProviderKind]
    fixed_in: int | None = None

    def applies(self, user_agent: str, provider: ProviderKind) -> bool:
        """Tell whether this browser's calls to this provider are lost."""
        version = re.search(rf'\b{re.escape(self.browser)}/(\d+)', user_agent)
        if version is None or provider not in self.providers:
            return False
        return self.fixed_in is None or int(version[1]) < self.fixed_in


def detour(user_agent: str, provider: ProviderKind) -> Detour | None:
    """Return why calls of a browser to a provider had better go by the relay, if they had."""
    return next((each for each in DETOURS if each.applies(user_agent, provider)), None)


_DATA = json.loads((Path(__file__).parents[2] / 'assets' / 'browsers.json').read_text(encoding='utf-8'))

DETOURS = [Detour(each['browser'], frozenset(each['providers']), each['fixed_in']) for each in _DATA['relayed']]

AS_OF: str = _DATA['dated']
"""The day on which the data was last looked at."""
