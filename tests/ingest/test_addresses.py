"""Addresses that must not be asked: whatever the spelling, no server on this machine hears of it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_servers import Site, fetcher, serving, to

from rag.errors import AddressRefused, FetchFailed, IngestError
from rag.ingest.addresses import WEB_PORTS, follow, is_public, is_web_address, read_address

# {p} is the port of the canaries.
SPELLINGS = [
    "http://127.0.0.1:{p}/",
    "http://127.0.0.2:{p}/",
    "http://127.1:{p}/",
    "http://127.0.1:{p}/",
    "http://127.255.255.254:{p}/",
    "http://127.0.0.1.:{p}/",
    "http://2130706433:{p}/",
    "http://017700000001:{p}/",
    "http://0x7f000001:{p}/",
    "http://0x7f.0x0.0x0.0x1:{p}/",
    "http://0x7f.1:{p}/",
    "http://0X7F.0.0.1:{p}/",
    "http://0177.0.0.1:{p}/",
    "http://0177.0.0.01:{p}/",
    "http://00000177.0.0.1:{p}/",
    "http://127.0.0x1:{p}/",
    "http://①②⑦.⓪.⓪.①:{p}/",
    "http://127。0。0。1:{p}/",
    "http://１２７.0.0.1:{p}/",
    "http://127%2e0%2e0%2e1:{p}/",
    "http://%31%32%37.0.0.1:{p}/",
    "http://0:{p}/",
    "http://0.0.0.0:{p}/",
    "http://localhost:{p}/",
    "http://LOCALHOST:{p}/",
    "http://localhost.:{p}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{p}/",
    "http://[::1]:{p}/",
    "http://[0:0:0:0:0:0:0:1]:{p}/",
    "http://[0000::0001]:{p}/",
    "http://[::]:{p}/",
    "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::ffff:7f00:1]:{p}/",
    "http://[0:0:0:0:0:ffff:127.0.0.2]:{p}/",
    "http://[::127.0.0.1]:{p}/",
    "http://[64:ff9b::127.0.0.1]:{p}/",
    "http://[64:ff9b::7f00:1]:{p}/",
    "http://[2002:7f00:1::]:{p}/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{p}/",
    "http://[::1%25lo]:{p}/",
    "http://[fe80::1%25lo]:{p}/",
    "http://user@127.0.0.1:{p}/",
    "http://news.example@127.0.0.1:{p}/",
    "http://news.example:80@127.0.0.1:{p}/",
    "http://127.0.0.1:{p}#@news.example/",
    "http://127.0.0.1:{p}\\@news.example/",
    "http://news.example\\@127.0.0.1:{p}/",
    "http:\\\\127.0.0.1:{p}\\",
    "http:/127.0.0.1:{p}/",
    "http:///127.0.0.1:{p}/",
    "http:127.0.0.1:{p}/",
    "http://127.0.0.1:{p}/ HTTP/1.1\r\nX: y",
    "http://127.0.0.1\t:{p}/",
    "http://127.0.0.1\n:{p}/",
    " http://127.0.0.1:{p}/",
    "http://127.0.0.1\u200b:{p}/",
    "http://127.0.0.1:0{p}/",
    "http://127.0.0.1:{p}/%0d%0aHost:x",
    "//127.0.0.1:{p}/",
    "file:///etc/passwd",
    "file://127.0.0.1:{p}/etc/passwd",
    "ftp://127.0.0.1:{p}/",
    "gopher://127.0.0.1:{p}/_GET%20/",
    "dict://127.0.0.1:{p}/",
    "ws://127.0.0.1:{p}/",
    "jar:http://127.0.0.1:{p}/!/",
    "data:text/html,<p>x",
    "javascript:fetch('http://127.0.0.1:{p}')",
    "view-source:http://127.0.0.1:{p}/",
    "unix:///var/run/docker.sock",
    "http://127.0.0.1:22/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:-1/",
    "http://127.0.0.1:{p}@/",
    "http://",
    "http://:{p}/",
    "http://.:{p}/",
    "http://..127.0.0.1:{p}/",
    "http://[127.0.0.1]:{p}/",
    "http://[::1:{p}/",
]

# What a name may resolve to and must not.
NOT_PUBLIC = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.0.0.2"),
    *("127.127.127.127", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255"),
    *("192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1"),
    *("198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::2", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
    *("100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1", "fc00::1"),
    *("fd00:ec2::254", "fdff::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "ff0e::1"),
    *("2a00:1450::5efe:10.0.0.1", "2a00:1450::200:5efe:7f00:1"),
]
PUBLIC = [
    *("8.8.8.8", "1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "192.0.1.1"),
    *("198.17.0.1", "223.255.255.254", "2606:4700::1111", "2a00:1450:4007::1", "::ffff:8.8.8.8", "64:ff9b::808:808"),
]


@pytest.fixture(scope="module")
def canaries() -> Iterator[list[Site]]:
    """Servers that must not be asked, all at one port of this machine's addresses."""
    with serving("127.0.0.1") as first, serving("127.0.0.2", first.port) as second, serving("::1", first.port) as third:
        yield [first, second, third]


def untouched(canaries: list[Site]) -> bool:
    return all(canary.connections == 0 for canary in canaries)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_reaches_this_machine(canaries, spelling):
    port = canaries[0].port
    careful = fetcher(allow_loopback=False, ports=WEB_PORTS | {port}, resolver=socket.getaddrinfo)
    with pytest.raises(AddressRefused) as caught:
        careful.fetch(spelling.format(p=port))
    assert untouched(canaries)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_no_name_leads_to_an_address_that_is_not_public(canaries, ip):
    port = canaries[0].port
    for addresses in ((ip,), ("93.184.216.34", ip), (ip, "93.184.216.34")):
        careful = fetcher(allow_loopback=False, ports=WEB_PORTS | {port}, resolver=to(*addresses))
        with pytest.raises(AddressRefused, match="public internet"):
            careful.fetch(f"http://news.example:{port}/")
    assert untouched(canaries)


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_no_redirect_leads_to_an_address_that_is_not_public(canaries, ip):
    if ip == "127.0.0.1":
        pytest.skip("that is where the redirecting server of this test is")
    literal = f"[{ip}]" if ":" in ip else ip
    with serving() as site:
        site.redirect("/a", f"http://{literal}:{canaries[0].port}/secret")
        with pytest.raises(AddressRefused):
            fetcher().fetch(site.url("/a"))
    assert untouched(canaries)


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://news.example/", "http://u:p@news.example/", "gopher://x/", "http://[", "\\\\x"],
)
def test_no_redirect_leads_elsewhere(target):
    with serving() as site:
        site.redirect("/a", target)
        with pytest.raises(IngestError):
            fetcher().fetch(site.url("/a"))
        assert site.asked in (["/robots.txt", "/a"], ["/robots.txt", "/a", "//x"])


def test_the_canaries_sing():
    """The tests above would see a request: here is one."""
    with serving() as canary:
        canary.page("/")
        assert fetcher(resolver=socket.getaddrinfo).fetch(f"http://127.0.0.1:{canary.port}/").status == 200
        assert canary.asked == ["/robots.txt", "/"]


def test_a_name_that_changes_its_address_after_it_was_vetted():
    """Rebinding: the name was public when it was asked for, and the connection ends at this machine."""

    def rebound(_ip: str, port: int, seconds: float) -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), timeout=seconds)

    with serving() as canary:
        port = canary.port
        careful = fetcher(
            allow_loopback=False, ports=frozenset({port}), resolver=to("93.184.216.34"), connector=rebound
        )
        with pytest.raises(AddressRefused, match=r"leads to 127\.0\.0\.1"):
            careful.fetch(f"http://news.example:{port}/")
        assert canary.asked == []


def test_a_name_that_is_public_only_the_first_time(canaries):
    port, answers, connected = canaries[0].port, [to("93.184.216.34"), to("127.0.0.1")], []

    def resolver(host: str, port: int, **options: object) -> list[tuple]:
        return answers.pop(0)(host, port, **options)

    def out_of_reach(ip: str, *_: object) -> socket.socket:
        connected.append(ip)
        raise ConnectionRefusedError(111, "refused")

    for error in (FetchFailed, AddressRefused):
        careful = fetcher(allow_loopback=False, ports=frozenset({port}), resolver=resolver, connector=out_of_reach)
        with pytest.raises(error):
            careful.fetch(f"http://news.example:{port}/")
    assert connected == ["93.184.216.34"]
    assert untouched(canaries)


@pytest.mark.parametrize("ip", NOT_PUBLIC)
def test_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_public(ip):
    assert is_public(ip)


@given(st.ip_addresses())
def test_public_says_no_more_than_python_does(ip):
    carried = ip.version == 6 and (ip.ipv4_mapped or str(ip).startswith("64:ff9b::"))
    if is_public(str(ip)) and not carried:
        assert ip.is_global
        assert not ip.is_multicast


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("HTTPS://News.Example", "https://news.example/"),
        ("https://news.example:443/a?b=c#d", "https://news.example/a?b=c"),
        ("http://news.example:443/", "http://news.example:443/"),
        ("https://économie.example/été?q=œuf", "https://xn--conomie-9xa.example/%C3%A9t%C3%A9?q=%C5%93uf"),
        ("https://news.example./x", "https://news.example/x"),
        ("https://news.example/a%20b%2Fc", "https://news.example/a%20b%2Fc"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://a_b.example/", "https://a_b.example/"),
    ],
)
def test_what_an_address_becomes(url, read):
    assert read_address(url).url == read
    assert read_address(read).url == read


@given(st.text(max_size=60), st.sampled_from(["http://", "https://", "", "http:", "//"]))
def test_any_text_is_an_address_or_refused(text, start):
    with contextlib.suppress(AddressRefused):
        address = read_address(start + text)
        address.url.encode("ascii")
        assert not set(address.url) & set(" \r\n\t\\")
        assert address.port in WEB_PORTS


@given(st.text(max_size=60))
def test_any_redirect_is_an_address_or_refused(location):
    with contextlib.suppress(AddressRefused):
        assert follow(read_address("https://news.example/a/b"), location).scheme in ("http", "https")


def test_what_is_a_web_address():
    assert all(map(is_web_address, ["http://a", "https://a/b", "HTTPS://a", "http:/a"]))
    assert not any(map(is_web_address, ["a.md", "/a", "ftp://a", "https", "", None]))
