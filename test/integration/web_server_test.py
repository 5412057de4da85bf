#!/usr/bin/env python3
"""The web server itself: set-up, sign-in, roles, and what it refuses. usage: web_server_test.py - PLUMBLINE -"""
import gzip
import signal
import socket
import subprocess
import sys
import tempfile

from web_support import PASSWORD, Server, Visitor, first_administrator, invited


# ---- cases: each gets a server of its own

def only_the_printed_code_makes_the_first_administrator(server):
    stranger = Visitor(server)
    assert stranger.enter()["setup_needed"] is True
    body = {"code": "guessed", "name": "Eve", "email": "eve@example.com", "password": PASSWORD}
    stranger.expect(403, "POST", "/api/v1/setup", body)
    code = server.setup_code()
    stranger.expect(422, "POST", "/api/v1/setup", {**body, "code": code, "password": "short"})
    first_administrator(server)
    stranger.expect(403, "POST", "/api/v1/setup", {**body, "code": code})
    assert stranger.enter()["setup_needed"] is False


def a_session_comes_in_a_locked_cookie_and_ends_when_asked(server):
    first_administrator(server)
    visitor = Visitor(server)
    answer = visitor.ask("POST", "/api/v1/session", {"email": "ada@example.com", "password": PASSWORD})
    cookie = answer.getheader("set-cookie")
    assert cookie.startswith("__Host-plumbline="), cookie
    for part in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert part in cookie, cookie
    assert visitor.enter()["account"]["role"] == "admin"
    kept = visitor.cookie
    visitor.expect(204, "DELETE", "/api/v1/session")
    visitor.cookie = kept
    assert visitor.enter()["account"] is None


def a_change_needs_the_csrf_token_and_our_own_origin(server):
    admin = first_administrator(server)
    body = {"email": "bob@example.com", "role": "viewer"}
    admin.expect(403, "POST", "/api/v1/invitations", body, x_csrf_token="0" * 64)
    admin.expect(403, "POST", "/api/v1/invitations", body, origin="https://evil.example")
    admin.expect(403, "POST", "/api/v1/invitations", body, sec_fetch_site="cross-site")
    admin.expect(201, "POST", "/api/v1/invitations", body, origin=server.origin)
    Visitor(server).expect(403, "POST", "/api/v1/session",
                           {"email": "ada@example.com", "password": PASSWORD}, origin="https://evil.example")


def roles_are_kept_apart(server):
    admin = first_administrator(server)
    editor, taken = invited(server, admin, "eddi@example.com", "editor")
    Visitor(server).expect(401, "GET", "/api/v1/users")
    problem = editor.expect(403, "GET", "/api/v1/users")
    assert problem["type"] == "/problems/role" and "admin" in problem["detail"], problem
    Visitor(server).expect(404, "POST", "/api/v1/join/look", {"secret": taken})  # an invitation works once
    users = admin.expect(200, "GET", "/api/v1/users")["items"]
    assert {u["email"]: u["role"] for u in users} == {"ada@example.com": "admin", "eddi@example.com": "editor"}
    ids = {u["email"]: u["id"] for u in users}
    problem = admin.expect(422, "PATCH", f"/api/v1/users/{ids['ada@example.com']}", {"role": "viewer"})
    assert "last administrator" in problem["detail"], problem
    admin.expect(200, "PATCH", f"/api/v1/users/{ids['eddi@example.com']}", {"disabled": True})
    assert editor.enter()["account"] is None
    editor.expect(401, "POST", "/api/v1/session", {"email": "eddi@example.com", "password": PASSWORD})


def a_new_password_ends_the_other_sessions(server):
    admin = first_administrator(server)
    other = Visitor(server)
    other.sign_in("ada@example.com")
    changed = "another long sentence"
    admin.expect(403, "PUT", "/api/v1/password", {"current": "wrong", "password": changed})
    admin.expect(204, "PUT", "/api/v1/password", {"current": PASSWORD, "password": changed})
    assert admin.enter()["account"] is not None
    assert other.enter()["account"] is None
    other.sign_in("ada@example.com", changed)


def guessing_is_slowed_down(server):
    first_administrator(server)
    visitor = Visitor(server)
    body = {"email": "ada@example.com", "password": "a wrong password"}
    for _ in range(5):
        visitor.expect(401, "POST", "/api/v1/session", body)
    answer = visitor.ask("POST", "/api/v1/session", {**body, "password": PASSWORD})
    assert answer.status == 429 and int(answer.getheader("retry-after")) >= 1, answer.status


def only_a_trusted_proxy_says_who_asks(server):
    """Guesses from one address behind a proxy do not keep the others from signing in."""
    first_administrator(server)
    server.ask("GET", "/healthz", x_forwarded_for="198.51.100.7")
    assert "198.51.100.7" not in server.log()
    program = server.process.args[0]
    with tempfile.TemporaryDirectory() as folder:
        refused = subprocess.run([program, "--data", folder + "/data", "serve", "--proxy", "proxy.example.com"],
                                 capture_output=True, text=True, timeout=60)
        assert refused.returncode != 0 and "'proxy.example.com' is not an IP address" in refused.stderr, refused
    with tempfile.TemporaryDirectory() as folder, Server(program, folder, "--proxy", "127.0.0.1") as behind:
        first_administrator(behind)
        guesser, other = {"x_forwarded_for": "203.0.113.9"}, {"x_forwarded_for": "203.0.113.9, 198.51.100.7"}
        for number in range(5):
            body = {"email": f"n{number}@example.com", "password": "a wrong password"}
            Visitor(behind).expect(401, "POST", "/api/v1/session", body, **guesser)
        body = {"email": "ada@example.com", "password": PASSWORD}
        Visitor(behind).expect(429, "POST", "/api/v1/session", body, **guesser)
        Visitor(behind).expect(201, "POST", "/api/v1/session", body, **other)
        assert "from 198.51.100.7: 201" in behind.log()


def a_token_asks_in_its_owners_name_and_never_for_more(server):
    admin = first_administrator(server)
    editor, _ = invited(server, admin, "eddi@example.com", "editor")
    editor.expect(422, "POST", "/api/v1/tokens", {"name": "t", "role": "admin", "days": 30})
    editor.expect(422, "POST", "/api/v1/tokens", {"name": "t", "role": "viewer", "days": 366})
    made = editor.expect(201, "POST", "/api/v1/tokens", {"name": "t", "role": "viewer", "days": 30})
    token = made["token"]
    assert token.startswith("plb_")
    script = Visitor(server)
    bearer = {"authorization": f"Bearer {token}"}
    session = script.expect(200, "GET", "/api/v1/session", **bearer)
    assert session["account"] == {"email": "eddi@example.com", "name": "eddi", "role": "viewer"}, session
    listed = script.expect(200, "GET", "/api/v1/tokens", **bearer)["items"]
    assert len(listed) == 1 and "token" not in listed[0] and listed[0]["last_used"], listed
    script.expect(401, "GET", "/api/v1/session", authorization=f"Bearer {token}x")
    editor.expect(204, "DELETE", f"/api/v1/tokens/{made['id']}")
    script.expect(401, "GET", "/api/v1/session", **bearer)


def administrative_acts_are_written_down_a_page_at_a_time(server):
    admin = first_administrator(server)
    for number in range(60):
        admin.expect(201, "POST", "/api/v1/invitations", {"email": f"n{number}@example.com", "role": "viewer"})
    first = admin.expect(200, "GET", "/api/v1/acts")
    second = admin.expect(200, "GET", f"/api/v1/acts?cursor={first['next_cursor']}")
    assert len(first["items"]) == 50 and len(second["items"]) == 11 and "next_cursor" not in second
    numbers = [act["seq"] for act in first["items"] + second["items"]]
    assert numbers == list(range(61, 0, -1)), numbers
    assert second["items"][-1]["act"] == "user.join"
    only = admin.expect(200, "GET", "/api/v1/acts?act=user.join")["items"]
    assert [act["subject"] for act in only] == ["ada@example.com"], only


def pages_are_served_packed_tagged_and_locked_down(server):
    plain = server.ask("GET", "/")
    assert plain.status == 200 and b"<div id=\"app\">" in plain.content
    policy = plain.getheader("content-security-policy")
    assert "script-src 'self'" in policy and "unsafe" not in policy, policy
    assert plain.getheader("x-content-type-options") == "nosniff"
    script = plain.content.decode().split('<script type="module" src="')[1].split('"')[0]
    packed = server.ask("GET", script, accept_encoding="gzip")
    assert packed.getheader("content-encoding") == "gzip"
    assert gzip.decompress(packed.content) == server.ask("GET", script).content
    assert "immutable" in packed.getheader("cache-control")
    again = server.ask("GET", script, accept_encoding="gzip", if_none_match=packed.getheader("etag"))
    assert again.status == 304 and again.content == b""
    assert server.ask("GET", "/insights/42").content == plain.content  # a page's address
    assert server.ask("GET", "/nothing.js").status == 404
    head = server.ask("HEAD", "/")
    assert head.status == 200 and head.content == b"" and int(head.getheader("content-length")) == len(plain.content)


def malformed_requests_are_refused(server):
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    post = b"POST /api/v1/session HTTP/1.1\r\n" + host
    cases = [
        (post + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        (post + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"),
        (post + b"Content-Length: +3\r\n\r\nabc", "400"),
        (b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"),
        (b"GET /healthz HTTP/1.1\r\n\r\n", "400"),
        (b"BREW /healthz HTTP/1.1\r\n" + host + b"\r\n", "501"),
        (b"GET /healthz HTTP/1.1\r\n" + host + b"X: y\r\n" * 101 + b"\r\n", "400"),
        (post + b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000, "413"),
        (b"GET /api/v1/acts?cursor=1&cursor=2 HTTP/1.1\r\n" + host + b"\r\n", "400"),
    ]
    for text, status in cases:
        line = server.raw(text)
        assert line.split(" ")[1:2] == [status], (text[:80], line)
    assert server.ask("PUT", "/api/v1/session").status == 405
    assert server.ask("GET", "/api/v1/nothing").status == 404
    long = server.ask("POST", "/api/v1/session", b'{"email": "' + b"x" * 3000 + b'@y.z", "password": "p"}')
    assert long.status == 422, long.content
    assert server.ask("POST", "/api/v1/session", b"{", content_type="application/json").status == 422
    assert server.ask("GET", "/healthz").status == 200


def operators_can_watch_it_and_stop_it_gently(server):
    assert server.ask("GET", "/healthz").content == b"ok\n"
    assert server.ask("GET", "/readyz").content == b"ready\n"
    metrics = server.ask("GET", "/metrics")
    assert metrics.getheader("content-type").startswith("application/openmetrics-text")
    lines = metrics.content.decode().splitlines()
    assert lines[-1] == "# EOF"
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert int(values["plumbline_http_requests_total"]) >= 3, values
    buckets = [int(values[name]) for name in values if name.startswith("plumbline_http_duration_seconds_bucket")]
    assert buckets == sorted(buckets) and buckets[-1] == int(values["plumbline_http_duration_seconds_count"]) >= 2
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0


def events_come_as_they_happen_and_the_stream_ends_with_the_server(server):
    admin = first_administrator(server)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as link:
        link.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                     f"Cookie: {admin.cookie}\r\nLast-Event-ID: 1\r\n\r\n".encode())
        answer = b""
        while b"event: gap" not in answer:  # id 1 was never given out by this run
            part = link.recv(4096)
            assert part, answer
            answer += part
        assert b"text/event-stream" in answer
        server.process.send_signal(signal.SIGTERM)
        while link.recv(4096):
            pass
    assert server.process.wait(30) == 0


def nobody_listens_without_signing_in(server):
    assert server.ask("GET", "/api/v1/events").status == 401
    assert server.ask("GET", "/api/v1/sync").status == 401
    admin = first_administrator(server)
    viewer, _ = invited(server, admin, "vera@example.com", "viewer")
    assert viewer.expect(200, "GET", "/api/v1/sync")["connections"] == {}
    viewer.expect(403, "POST", "/api/v1/sync", {})
    admin.expect(202, "POST", "/api/v1/sync", {})


def a_body_that_grows_too_large_in_chunks_is_refused(server):
    head = (f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n").encode()
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    assert server.raw(head + chunk * 3 + b"0\r\n\r\n").split(" ")[1] == "413"


def no_secret_is_in_the_log(server):
    admin = first_administrator(server)
    made = admin.expect(201, "POST", "/api/v1/tokens", {"name": "t", "role": "viewer", "days": 30})
    server.ask("GET", "/api/v1/session", authorization=f"Bearer {made['token']}")
    _, invitation = invited(server, admin, "eddi@example.com", "editor")
    assert "POST /api/v1/join " in server.log()  # requests are logged
    log = server.log().replace(server.setup_code(), "", 1)
    for secret in (PASSWORD, made["token"], admin.cookie.split("=", 1)[1], admin.csrf, server.setup_code(), invitation):
        assert secret not in log


CASES = [only_the_printed_code_makes_the_first_administrator, a_session_comes_in_a_locked_cookie_and_ends_when_asked,
         a_change_needs_the_csrf_token_and_our_own_origin, roles_are_kept_apart, a_new_password_ends_the_other_sessions,
         guessing_is_slowed_down, only_a_trusted_proxy_says_who_asks, a_token_asks_in_its_owners_name_and_never_for_more,
         administrative_acts_are_written_down_a_page_at_a_time, pages_are_served_packed_tagged_and_locked_down,
         malformed_requests_are_refused, a_body_that_grows_too_large_in_chunks_is_refused,
         events_come_as_they_happen_and_the_stream_ends_with_the_server, nobody_listens_without_signing_in, operators_can_watch_it_and_stop_it_gently, no_secret_is_in_the_log]


def main():
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    for number, case in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as folder, Server(sys.argv[2], folder) as server:
            try:
                case(server)
                print(f"ok {number} - {case.__name__}", flush=True)
            except Exception as fault:  # a case's failure is its line, the others still run
                failed += 1
                print(f"not ok {number} - {case.__name__}\n# {type(fault).__name__}: {fault}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
