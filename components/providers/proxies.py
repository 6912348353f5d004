"""The proxies that the environment names, read by one rule for HTTP and for WebSockets."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, MutableMapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.request import getproxies, proxy_bypass

import httpx

from .profile import BadSetup

Network: TypeAlias = IPv4Network | IPv6Network

SCHEMES = ('http', 'https', 'socks5', 'socks5h')
"""Kinds of proxies that both httpx and websockets can use."""


class Proxies:
    """Finds the proxy for a URL, as `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say.

    Many programs write these variables, each in its own way. So an address without a scheme is one of an HTTP proxy,
    GNOME's `socks://` is SOCKS 5, and entries of `NO_PROXY` that can't be read are skipped. This computer is reached
    directly.

    Args:
        environ: The environment variables. On macOS and Windows, the system's own settings fill in for missing ones.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._variables = {kind: _find(environ, kind) for kind in ('http', 'https', 'all')}
        self._from_system = sys.platform in ('darwin', 'win32') and not any(self._variables.values())
        self._exceptions = [each.strip() for each in (_find(environ, 'no') or ('', ''))[1].split(',') if each.strip()]

    def find(self, url: str) -> str | None:
        """Return the URL of the proxy for an HTTP URL, or None to go without. Raises BadSetup if it can't be used."""
        target = httpx.URL(url)
        if _is_loopback(target.host):
            return None
        if self._from_system:
            proxies = {} if proxy_bypass(target.host) else getproxies()
            given = proxies.get(target.scheme)
            return _read("The system's proxy", given) if given else None
        found = self._variables[target.scheme] or self._variables['all']
        if found is None or any(_covers(each, target) for each in self._exceptions):
            return None
        return _read(*found)

    def tidy(self, environ: MutableMapping[str, str]) -> list[BadSetup]:
        """Rewrite the variables in a form that every library can read.

        Returns:
            What is wrong with those that can't be used, which are removed.
        """
        problems = []
        for kind, found in self._variables.items():
            if found is None:
                continue
            for name in (f'{kind}_proxy', f'{kind}_proxy'.upper()):
                environ.pop(name, None)
            try:
                environ[found[0]] = _read(*found)
            except BadSetup as problem:
                problems.append(problem)
        for name in ('no_proxy', 'NO_PROXY'):
            if name in environ:
                environ[name] = ','.join(filter(None, map(_plain_exception, self._exceptions)))
        return problems


def _find(environ: Mapping[str, str], kind: str) -> tuple[str, str] | None:
    """Return the name and the value of a variable; as everywhere, the name in small letters comes first."""
    for name in (f'{kind}_proxy', f'{kind}_proxy'.upper()):
        if value := environ.get(name, '').strip():
            return name, value
    return None


def _read(variable: str, value: str) -> str:
    """Return a proxy's address as a URL that httpx and websockets can read. Raises BadSetup, without the address."""
    scheme, separator, rest = value.partition('://')
    scheme = {'socks': 'socks5h'}.get(scheme.lower(), scheme.lower()) if separator else 'http'
    try:
        url = httpx.URL(f'{scheme}://{rest if separator else value}')
        in_range = url.port is None or 0 < url.port < 65536
        valid = scheme in SCHEMES and re.fullmatch(r'[\w.:-]+', url.host) and in_range
    except (httpx.InvalidURL, UnicodeError):
        valid = False
    if not valid:
        raise BadSetup('bad_proxy', variable=variable)
    return str(url.copy_with(path='/'))


def _covers(exception: str, target: httpx.URL) -> bool:
    """Tell whether an entry of `NO_PROXY` is about a URL: a name and what is below it, an address, or a network."""
    if exception == '*':
        return True
    name, port = _split_port(exception.lower())
    if port and port != str(target.port or {'http': 80, 'https': 443}.get(target.scheme)):
        return False
    host = target.host.lower().rstrip('.')
    if (network := _network(name)) is not None:
        try:
            return ip_address(host) in network
        except ValueError:
            return False
    name = name.lstrip('*').strip('.')
    return bool(name) and (host == name or host.endswith(f'.{name}'))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip('.') == 'localhost'


def _split_port(exception: str) -> tuple[str, str]:
    name = exception.rpartition('://')[2]
    if name.startswith('['):
        name, _, rest = name[1:].partition(']')
        return name, rest.removeprefix(':')
    before, colon, port = name.partition(':')
    return (before, port) if colon and port.isdigit() else (name, '')


def _network(name: str) -> Network | None:
    try:
        return ip_network(name, strict=False)
    except ValueError:
        return None


def _plain_exception(exception: str) -> str:
    """Return an entry of `NO_PROXY` that httpx can read, or nothing."""
    name, _ = _split_port(exception)
    network = _network(name)
    if network is not None:
        return name if network.num_addresses == 1 and '/' not in name else ''
    return name if name == '*' or name.replace('.', '').replace('-', '').replace('_', '').isalnum() else ''
