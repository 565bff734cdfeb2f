"""Who may ask, for what, and how much: the guard in front of a small app, and in front of the real one."""

from __future__ import annotations

import asyncio
import base64
import socket
from typing import Any

import httpx
import pytest

from rag.serve.guard import Guard, Rules, signed
from tests.app.conftest import Server

Headers = dict[str, str]


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    taken = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        taken += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")],
        }
    )
    await send({"type": "http.response.body", "body": str(taken).encode()})


def call(rules: Rules, method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=Guard(_echo, rules))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(
                method, path, content=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
            )

    return asyncio.run(run())


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7860", "127.0.0.1:7860", "192.168.1.9", "[::1]:7860", "h200.example"]
)
def test_its_own_names_and_plain_addresses_pass(host: str) -> None:
    assert call(Rules(names=frozenset({"h200.example"})), host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "h200.example.evil", "", "2130706433.evil"],
)
def test_other_names_are_refused(host: str) -> None:
    assert call(Rules(names=frozenset({"h200.example"})), host=host).status_code == 421


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {"origin": "http://localhost"}, 200),
        ("POST", {}, 200),
        ("POST", {"origin": "http://evil.example"}, 403),
        ("GET", {"origin": "http://evil.example"}, 403),
        ("POST", {"origin": "null"}, 403),
        ("POST", {"origin": "http://localhost:1"}, 403),
        ("POST", {"sec_fetch_site": "cross-site"}, 403),
        ("POST", {"sec_fetch_site": "same-site"}, 403),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"}, 403),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "iframe"}, 403),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}, 200),
        ("GET", {"sec_fetch_site": "same-origin"}, 200),
    ],
)
def test_other_sites_may_only_link_here(method: str, headers: Headers, status: int) -> None:
    assert call(Rules(), method, **headers).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd", "/gradio_api/file=http://evil.example/", "/gradio_api/file/etc/passwd", "/gradio_api/proxy=https://x.hf.space/",
        "/gradio_api/stream/a/b", "/gradio_api/process_recording", "/monitoring", "/monitoring/summary", "/gradio_api/vibe-code/", "/gradio_api/runs",
        "/gradio_api/upload", "/gradio_api/mcp/", "/gradio_api/component_server", "/gradio_api/token", "/gradio_api/dev/reload", "/docs", "/openapi.json",
        "/static/../../rag/settings.py", "/assets/..%2f..%2fetc/passwd", "/web/x/../../settings.py", "/article/a/b", "/catalog.sqlite", "/.env", "/evil//example",
        "/en/gradio_api/file=/etc/passwd", "/en/gradio_api/upload", "/svelte/x", "/gradio_api/custom_component/x/client/component/index.js", "/deep_link",
    ],
)  # fmt: skip
def test_what_the_app_does_not_need_does_not_exist(path: str) -> None:
    assert call(Rules(), path=path).status_code == 404


def test_bodies_are_bounded_whatever_they_claim() -> None:
    rules = Rules(body_bytes=1000, upload_bytes=5000)
    assert call(rules, "POST", "/turns", b"x" * 1000).text == "1000"
    assert call(rules, "POST", "/turns", b"x" * 1001).status_code == 413
    assert call(rules, "POST", "/gradio_api/upload", b"x" * 5000).text == "5000"
    assert call(rules, "POST", "/gradio_api/upload", b"x" * 5001).status_code == 413
    assert call(rules, "POST", "/turns", b"", content_length="-1").status_code == 400

    async def lying() -> str:
        sent = iter([{"type": "http.request", "body": b"x" * 600, "more_body": True}] * 3)

        async def receive() -> Any:
            return next(sent)

        async def send(_: Any) -> None:
            raise AssertionError("nothing may be answered")

        scope = {"type": "http", "method": "POST", "path": "/turns", "headers": [(b"host", b"localhost")]}
        await Guard(_echo, rules)(scope, receive, send)
        return "cut off"

    assert asyncio.run(lying()) == "cut off"


def test_a_login_is_asked_for_everywhere_but_by_the_health_check() -> None:
    rules = Rules(login="reader:pass:word")
    right, wrong = (base64.b64encode(text).decode() for text in (b"reader:pass:word", b"reader:pass"))
    assert call(rules, authorization=f"Basic {right}").status_code == 200
    for given in (f"Basic {wrong}", "Basic !", f"Bearer {right}", "Basic"):
        refused = call(rules, authorization=given)
        assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
    for path in ("/", "/article/a", "/gradio_api/call/ask", "/export"):
        assert call(rules, path=path).status_code == 401
    assert call(rules, path="/healthz").status_code == 200


def test_every_reply_tells_the_browser_what_not_to_do() -> None:
    headers = call(Rules()).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"], headers["x-frame-options"]) == (
        "nosniff",
        "no-referrer",
        "DENY",
    )
    assert "access-control-allow-origin" not in headers


def test_signing_a_page_leaves_no_script_without_its_nonce() -> None:
    page = signed(
        b'<meta property="og:image" content="https://x.example/i.jpg"><script>1</script><script type="module" src="a.js">',
        "abc",
    )
    assert page == b'<script nonce="abc">1</script><script nonce="abc" type="module" src="a.js">'


# --- the real app ------------------------------------------------------------------------------------------------


def test_the_page_names_no_other_machine_and_signs_its_scripts(server: Server) -> None:
    for path in ("/", "/en/"):
        reply = httpx.get(server.url + path)
        policy = reply.headers["content-security-policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert len(nonce) >= 16
        assert reply.text.count("<script") == reply.text.count(f'<script nonce="{nonce}"') + reply.text.count(
            '<script src="/web/'
        ) + reply.text.count('<script type="module" src="/web/')
        for word in ("googleapis", "gstatic", "cdnjs", "huggingface.co", "raw.githubusercontent"):
            assert word not in reply.text.partition("window.gradio_config")[0]
    assert (
        httpx.get(server.url).headers["content-security-policy"]
        != httpx.get(server.url).headers["content-security-policy"]
    )


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=catalog.sqlite",
        "/gradio_api/file=app.py",
        "/monitoring",
        "/gradio_api/runs",
    ],
)
def test_no_file_is_served(server: Server, path: str) -> None:
    assert httpx.get(server.url + path).status_code == 404


def test_a_flood_of_bytes_is_refused(server: Server) -> None:
    assert httpx.post(f"{server.url}/turns", content=b"x" * 1_000_000).status_code == 413
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(f"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10**9}\r\n\r\n".encode())
        assert b" 413 " in line.recv(100)


def test_foreign_hosts_and_origins_are_refused(server: Server) -> None:
    assert httpx.get(server.url, headers={"host": "rebound.example"}).status_code == 421
    assert (
        httpx.post(
            f"{server.url}/gradio_api/call/ask", json={"data": ["x"]}, headers={"origin": "http://evil.example"}
        ).status_code
        == 403
    )
