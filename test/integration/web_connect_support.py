"""What the tests of connecting through the API share: a sandbox, a server that asks it, an administrator."""
import datetime
import json
import sqlite3
import time

from sync_support import Sandbox
from web_support import Server, first_administrator

LIST, CHECK, SELECTION = "/api/v1/connections", "/api/v1/connections/check", "/api/v1/repositories/selection"


def day(ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=ahead)).strftime("%Y-%m-%d")


class Scene:
    """A sandbox, a server that asks it, an administrator; everything that was answered is kept."""

    def __init__(self, programs, folder, *options):
        self.programs, self.folder, self.answers, self.sent = programs, folder, b"", []
        self.sandbox = Sandbox(programs, folder)
        self.workspace = self.sandbox.ready["workspace"]["slug"]
        self.repository = self.sandbox.ready["repositories"][0]["full_name"]
        self.server = Server(programs.driver, folder,
                             *(options or ("--api-base", self.sandbox.ready["api_base"], "--no-git")))
        self.admin = first_administrator(self.server)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        self.sandbox.stop()

    def credential(self, which, /, **more):
        token = next(t for t in self.sandbox.ready["tokens"] if t["name"] == which)
        self.sent.append(token["secret"])
        place = {"repository": self.repository} if token["kind"] == "repository-token" else {
            "workspace": self.workspace}
        account = {"account": token["account"]} if token["account"] else {}
        expires = {"expires": day(200)} if token["kind"] == "api-token" else {}
        return {"kind": token["kind"], "secret": token["secret"], **place, **account, **expires, **more}

    def ask(self, status, method, path, body=None, visitor=None):
        answer = (visitor or self.admin).ask(method, path, body)
        self.answers += answer.content
        assert answer.status == status, (method, path, answer.status, answer.content)
        return json.loads(answer.content) if answer.content else None

    def connect(self, **more):
        return self.ask(201, "POST", LIST, self.credential("workspace", name="demo", **more))

    def only(self):
        items = self.ask(200, "GET", LIST)["items"]
        assert len(items) == 1, items
        return items[0]

    def wait_until_read(self, connection, seconds=40):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            run = self.admin.expect(200, "GET", "/api/v1/sync")["connections"].get(str(connection), {})
            if run.get("state") in ("done", "failed"):
                return run
            time.sleep(0.1)
        raise AssertionError(run)

    def query(self, sql, *parameters):
        with sqlite3.connect(f"file:{self.folder}/data/plumbline.db?mode=ro", uri=True) as db:
            return db.execute(sql, parameters).fetchall()
