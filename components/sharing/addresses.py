"""The addresses at which others on the network can reach this machine."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

import ifaddr

IPAddress: TypeAlias = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Interface:
    """A network interface: the system's name for it, and its addresses."""

    name: str
    addresses: tuple[IPAddress, ...]


def lan_addresses() -> list[IPAddress]:
    """Return the addresses that others can reach, the most promising first; may be empty."""
    return sensible(interfaces(), default_routes())


def sensible(interfaces: Iterable[Interface], default_routes: Iterable[IPAddress]) -> list[IPAddress]:
    """Leave out addresses that other machines can't reach, and sort by how likely people share that network.

    The interface of the default route comes first unless it is a VPN's, and IPv4 before IPv6, which is harder to type.
    """
    routed = set(default_routes)
    ranked = [
        (_is_vpn(interface.name), routed.isdisjoint(interface.addresses), address.version, order, address)
        for order, interface in enumerate(interfaces)
        if not interface.name.lower().startswith(INNER)
        for address in interface.addresses
        if not (address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast)
    ]
    return list(dict.fromkeys(entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])))


def interfaces() -> list[Interface]:
    """Return the network interfaces of this machine."""
    return [
        Interface(
            adapter.nice_name, tuple(ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0]) for ip in adapter.ips)
        )
        for adapter in ifaddr.get_adapters()
    ]


def default_routes() -> list[IPAddress]:
    """Return this machine's addresses on the way to the internet."""
    found = []
    for family, elsewhere in ((socket.AF_INET, '203.0.113.1'), (socket.AF_INET6, '2001:db8::1')):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((elsewhere, 9))  # only asks the routing table: connecting UDP sends nothing
                found.append(ip_address(probe.getsockname()[0]))
        except OSError:
            continue
    return found


def url_host(address: IPAddress) -> str:
    """Format an address for a URL: IPv6 in brackets."""
    return f'[{address}]' if address.version == 6 else str(address)


def _is_vpn(name: str) -> bool:
    return name.lower().startswith(VPN)


INNER = (
    *('lo', 'docker', 'br-', 'veth', 'virbr', 'vmnet', 'vboxnet', 'lxc', 'lxd', 'cni', 'flannel', 'podman'),
    *('vethernet', 'hyper-v', 'virtualbox', 'vmware', 'bridge', 'awdl', 'llw', 'software loopback'),
)
"""Prefixes of interfaces that only lead to this machine: containers, virtual machines, loopback."""

VPN = (
    *('tun', 'tap', 'utun', 'wg', 'ppp', 'ipsec', 'tailscale', 'zt', 'nordlynx', 'proton'),
    *('wireguard', 'openvpn', 'wintun', 'cisco anyconnect', 'fortinet', 'zerotier'),
)
"""Prefixes of interfaces that lead to a distant network."""
