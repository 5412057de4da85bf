"""What the tests of the web server share: the server, a browser's side of a session, accounts."""
import http.client
import json
import os
import signal
import socket
import subprocess

PASSWORD = "correct horse battery staple"


class Server:
    """plumbline serve on a free port; ends with the block, by its own process id."""

    def __init__(self, program, folder, *options):
        self.errors = open(os.path.join(folder, "serve.log"), "w+")
        self.process = subprocess.Popen([program, "--verbose", "--data", os.path.join(folder, "data"), "serve",
                                         "--listen", "127.0.0.1:0", *options],
                                        stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("Plumbline listens on http://"), line
        self.origin = line.split()[-1]
        self.port = int(self.origin.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()

    def log(self):
        self.errors.flush()
        with open(self.errors.name) as file:
            return file.read()

    def setup_code(self):
        return self.log().split("Set-up code, for the first administrator: ")[1].split()[0]

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            fields.setdefault("content-type", "application/json")
        connection.request(method, path, data, fields)
        answer = connection.getresponse()
        answer.content = answer.read()
        connection.close()
        return answer

    def raw(self, text):
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as link:
            link.sendall(text)
            link.settimeout(10)
            answer = b""
            while b"\r\n" not in answer:
                part = link.recv(4096)
                if not part:
                    break
                answer += part
        return answer.split(b"\r\n")[0].decode()


class Visitor:
    """A browser's side of a session."""

    def __init__(self, server):
        self.server, self.cookie, self.csrf = server, None, None

    def ask(self, method, path, body=None, **headers):
        if self.cookie:
            headers["cookie"] = self.cookie
        if self.csrf and method != "GET":
            headers.setdefault("x_csrf_token", self.csrf)
        answer = self.server.ask(method, path, body, **headers)
        made = answer.getheader("set-cookie")
        if made:
            self.cookie = made.split(";")[0]
        return answer

    def expect(self, status, method, path, body=None, **headers):
        answer = self.ask(method, path, body, **headers)
        assert answer.status == status, (method, path, answer.status, answer.content)
        return json.loads(answer.content) if answer.content else None

    def enter(self):
        session = self.expect(200, "GET", "/api/v1/session")
        self.csrf = session.get("csrf_token")
        return session

    def sign_in(self, email, password=PASSWORD):
        self.expect(201, "POST", "/api/v1/session", {"email": email, "password": password})
        return self.enter()


def first_administrator(server):
    admin = Visitor(server)
    admin.expect(201, "POST", "/api/v1/setup", {"code": server.setup_code(), "name": "Ada",
                                                "email": "Ada@example.com", "password": PASSWORD})
    admin.enter()
    return admin


def invited(server, admin, email, role):
    link = admin.expect(201, "POST", "/api/v1/invitations", {"email": email, "role": role})["link"]
    visitor = Visitor(server)
    secret = link.rsplit("#", 1)[1]
    assert visitor.expect(200, "POST", "/api/v1/join/look", {"secret": secret})["email"] == email
    visitor.expect(201, "POST", "/api/v1/join", {"secret": secret, "name": email.split("@")[0], "password": PASSWORD})
    visitor.enter()
    return visitor, secret
