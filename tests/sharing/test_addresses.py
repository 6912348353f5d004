"""The choice among a machine's addresses for guests."""

from ipaddress import ip_address

from components.sharing.addresses import Interface, lan_addresses, sensible, url_host


def interface(name: str, *addresses: str) -> Interface:
    return Interface(name, tuple(map(ip_address, addresses)))


def chosen(*interfaces: Interface, routes: tuple[str, ...] = ()) -> list[str]:
    return [str(address) for address in sensible(interfaces, map(ip_address, routes))]


def test_the_default_interface_comes_first() -> None:
    wired, wireless = interface('eth0', '10.0.0.5'), interface('wlan0', '192.168.1.7')
    assert chosen(wired, wireless, routes=('192.168.1.7',)) == ['192.168.1.7', '10.0.0.5']


def test_a_vpn_comes_last_even_as_the_default_interface() -> None:
    vpn, wireless = interface('utun3', '10.8.0.2'), interface('en0', '192.168.1.7', 'fd00::7')
    assert chosen(vpn, wireless, routes=('10.8.0.2',)) == ['192.168.1.7', 'fd00::7', '10.8.0.2']
    assert chosen(interface('WireGuard Tunnel', '10.6.0.1'), wireless)[-1] == '10.6.0.1'


def test_unreachable_addresses_are_left_out() -> None:
    inner = [
        interface('lo', '127.0.0.1', '::1'),
        interface('docker0', '172.17.0.1'),
        interface('br-1f2e', '172.18.0.1'),
        interface('vEthernet (WSL)', '172.20.0.1'),
        interface('eth1', '169.254.3.4', 'fe80::1'),
    ]
    assert chosen(*inner) == []
    assert chosen(*inner, interface('eth0', '192.168.1.7')) == ['192.168.1.7']


def test_a_network_with_ipv6_only_will_do() -> None:
    assert chosen(interface('eth0', 'fe80::1', '2001:db8::7')) == ['2001:db8::7']
    assert url_host(ip_address('2001:db8::7')) == '[2001:db8::7]'
    assert url_host(ip_address('192.168.1.7')) == '192.168.1.7'


def test_this_machine_can_be_asked() -> None:
    assert all(not address.is_loopback for address in lan_addresses())
