"""The server's doors, by raw sockets: what two programs could read in two ways, what is too long, too slow or too much.
usage: web_doors_test.py - PLUMBLINE -"""
import re
import select
import socket
import sys
import tempfile
import time

from web_support import PASSWORD, Server, first_administrator


def talk(server, text, seconds=8, half_close=True):
    """All that the server says to these bytes until it closes, or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as link:
        link.sendall(text)
        if half_close:
            link.shutdown(socket.SHUT_WR)
        answer, deadline = b"", time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not select.select([link], [], [], max(0, min(1.5, deadline - time.monotonic())))[0]:
                if answer:
                    break
                continue
            try:
                part = link.recv(65536)
            except ConnectionResetError:
                break
            if not part:
                break
            answer += part
    return answer


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d\d\d) ", answer)]


def host(server):
    return f"Host: 127.0.0.1:{server.port}\r\n".encode()


def refused_or_dropped(server, text, *allowed):
    """It says no, and what stands behind it, which would be 404, is not carried out."""
    got = statuses(talk(server, text))  # the library below says some refusals twice before it closes
    assert all(400 <= status < 600 and status not in (404, 422) for status in got), (text[:120], got)
    assert not allowed or all(status in allowed for status in got), (text[:120], got)


# ---- cases

def a_second_request_is_never_hidden_in_the_first(server):
    hidden = b"GET /api/v1/nothing-hidden HTTP/1.1\r\n" + host(server) + b"\r\n"
    post = b"POST /api/v1/session HTTP/1.1\r\n" + host(server) + b"Content-Type: application/json\r\n"
    cases = [
        post + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + hidden,
        post + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + hidden,
        post + b"Content-Length: 5, 0\r\n\r\n" + hidden,
        post + b"Content-Length: 0x0\r\n\r\n" + hidden,
        post + b"Content-Length: -0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: identity\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding\t: chunked\r\nContent-Length: 0\r\n\r\n" + hidden,
        post + b"Content-Length : 0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + hidden,
        post + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n" + hidden,
    ]
    for text in cases:
        refused_or_dropped(server, text)


def odd_and_folded_fields_are_refused(server):
    get = b"GET /healthz HTTP/1.1\r\n"
    for text in (
            get + host(server) + b" X: a\r\n\r\n",  # a field that begins with a blank
            get + host(server) + b"X : a\r\n\r\n",  # or ends with one
            get + host(server) + b"X\x00Y: a\r\n\r\n",
            get + host(server) + b"no colon here\r\n\r\n",
            b"GET /healthz%00.css HTTP/1.1\r\n" + host(server) + b"\r\n",
            b"GET /healthz?a=%00b HTTP/1.1\r\n" + host(server) + b"\r\n"):
        refused_or_dropped(server, text, 400)
    # A folded line is refused as a whole, which RFC 9112, 5.2 leaves to the server.
    folded = get + host(server) + b"X: a\r\n Content-Length: 30\r\n\r\n"
    assert statuses(talk(server, folded + get + host(server) + b"\r\n")) == [400]
    for text in (b"GET /healthz HTTP/1.1\n" + host(server).replace(b"\r", b"") + b"\n",
                 get.replace(b"\r\n", b"\r") + host(server) + b"\r\n"):
        got = statuses(talk(server, text))
        assert got in ([], [200], [400]), (text, got)  # one meaning at most


def only_our_own_addresses_are_answered(server):
    for line, wanted in ((f"GET http://127.0.0.1:{server.port}/healthz HTTP/1.1", (200, 400, 404)),
                         ("GET http://evil.example/healthz HTTP/1.1", (400, 404, 421)),
                         ("CONNECT evil.example:443 HTTP/1.1", (400, 404, 405, 501)),
                         ("GET evil.example:80 HTTP/1.1", (400, 404)),
                         ("OPTIONS * HTTP/1.1", (400, 404, 405, 501)),
                         ("GET //evil.example/%2e%2e/ HTTP/1.1", (200, 400, 404)),
                         ("GET /../../etc/passwd HTTP/1.1", (200, 400, 404)),
                         ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", (200, 400, 404)),
                         ("GET /api/v1/users%00.css HTTP/1.1", (400, 401, 404)),
                         ("GET /%ff%fe HTTP/1.1", (400,)),
                         ("GET /healthz HTTP/2.0", (400, 505)),
                         ("GET /healthz", (400, 505))):
        answer = talk(server, line.encode() + b"\r\n" + host(server) + b"\r\n")
        got = statuses(answer)
        assert not got or got[0] in wanted, (line, got)
        assert b"root:" not in answer and b"Location" not in answer, line


def heads_that_are_too_long_are_refused(server):
    for text in (b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + host(server) + b"\r\n",
                 b"GET /healthz?" + b"a=b&" * 30000 + b" HTTP/1.1\r\n" + host(server) + b"\r\n",
                 b"GET /healthz HTTP/1.1\r\n" + host(server) + b"X: " + b"y" * 100000 + b"\r\n\r\n",
                 b"GET /healthz HTTP/1.1\r\n" + host(server) + b"Cookie: " + b"a=b; " * 20000 + b"\r\n\r\n",
                 b"G" * 100000):
        refused_or_dropped(server, text, 400, 413, 414, 431, 501)
    many = b"GET /api/v1/session?" + b"&".join(b"p%d=1" % n for n in range(101)) + b" HTTP/1.1\r\n" + host(server) + b"\r\n"
    refused_or_dropped(server, many, 400)
    assert server.ask("GET", "/healthz").status == 200


def requests_in_a_row_are_answered_in_their_order(server):
    get = b"GET /healthz HTTP/1.1\r\n" + host(server) + b"\r\n"
    missing = b"GET /api/v1/none HTTP/1.1\r\n" + host(server) + b"\r\n"
    last = b"HEAD /healthz HTTP/1.1\r\n" + host(server) + b"Connection: close\r\n\r\n"
    answer = talk(server, get + missing + get + last, half_close=False)
    assert statuses(answer) == [200, 404, 200, 200], answer
    assert answer.endswith(b"\r\n\r\n"), answer[-80:]  # HEAD has no body
    chunked = (b"POST /api/v1/session HTTP/1.1\r\n" + host(server) + b"Content-Type: application/json\r\n"
               b"Transfer-Encoding: chunked\r\n\r\n2;name=value\r\n{}\r\n0\r\nTrailer: x\r\n\r\n")
    assert statuses(talk(server, chunked + last, half_close=False))[-1] == 200  # extensions and trailers are read past


def after_a_refusal_nothing_more_is_read(server):
    bad = b"POST /api/v1/session HTTP/1.1\r\n" + host(server) + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"
    good = b"GET /healthz HTTP/1.1\r\n" + host(server) + b"\r\n"
    got = statuses(talk(server, bad + good, half_close=False))
    assert got == [400], got


def whoever_says_nothing_does_not_keep_others_out(server):
    silent = []
    try:
        for number in range(150):
            link = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            link.sendall(b"GET /healthz HTTP/1.1\r\n"[:number % 20 + 1])
            silent.append(link)
        began = time.monotonic()
        assert server.ask("GET", "/healthz").status == 200
        assert time.monotonic() - began < 5
    finally:
        for link in silent:
            link.close()


def a_head_that_drips_in_is_given_up(server):
    """A byte now and then keeps a connection from being idle; it must end all the same."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as link:
        link.sendall(b"GET /healthz HTTP/1.1\r\n" + host(server))
        began = time.monotonic()
        while time.monotonic() - began < 75:
            try:
                link.sendall(b"X: y\r\n")
            except (BrokenPipeError, ConnectionResetError):
                break
            if select.select([link], [], [], 5)[0] and not link.recv(4096):
                break
        else:
            raise AssertionError("it was still open after 75 seconds")


def no_refusal_tells_a_secret(server):
    admin = first_administrator(server)
    token = admin.expect(201, "POST", "/api/v1/tokens", {"name": "t", "role": "admin", "days": 1})["token"]
    secret_fields = f"Authorization: Bearer {token}\r\nCookie: {admin.cookie}\r\nX-CSRF-Token: {admin.csrf}\r\n".encode()
    body = f'{{"email": "ada@example.com", "password": "{PASSWORD}", "x": '.encode()
    secrets = (token, admin.cookie.split("=", 1)[1], admin.csrf, PASSWORD, server.setup_code())
    for line in (b"GET /api/v1/none HTTP/1.1", b"BREW / HTTP/1.1", b"PUT /api/v1/users HTTP/1.1", b"GET /healthz?a=1&a=2 HTTP/1.1",
                 b"POST /api/v1/session HTTP/1.1", b"PATCH /api/v1/users/1 HTTP/1.1", b"PUT /api/v1/password HTTP/1.1"):
        for extra in (b"", b"Content-Length: 3\r\n", b"Host: b\r\n"):
            length = b"" if extra or line.startswith(b"GET") else b"Content-Length: %d\r\n" % len(body)
            answer = talk(server, line + b"\r\n" + host(server) + secret_fields + b"Content-Type: application/json\r\n" +
                          extra + length + b"\r\n" + (body if length else b"")).decode(errors="replace")
            for secret in secrets:
                assert secret not in answer, (line, answer)


CASES = [a_second_request_is_never_hidden_in_the_first, odd_and_folded_fields_are_refused,
         only_our_own_addresses_are_answered, heads_that_are_too_long_are_refused,
         requests_in_a_row_are_answered_in_their_order, after_a_refusal_nothing_more_is_read,
         whoever_says_nothing_does_not_keep_others_out, no_refusal_tells_a_secret, a_head_that_drips_in_is_given_up]


def main():
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    for number, case in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as folder, Server(sys.argv[2], folder) as server:
            try:
                case(server)
                assert server.ask("GET", "/healthz").status == 200, "it does not answer any more"
                print(f"ok {number} - {case.__name__}", flush=True)
            except Exception as fault:  # a case's failure is its line, the others still run
                failed += 1
                print(f"not ok {number} - {case.__name__}\n# {type(fault).__name__}: {fault}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
