"""The server while a long first reading goes on: findings come before it ends, the stream of events tells of them, and
what is approximate says so."""
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time

from sync_support import Sandbox, Tests
from web_support import Server, first_administrator

test = Tests(sys.argv)


class Listener(threading.Thread):
    """What the stream of events says, in order."""

    def __init__(self, server, cookie):
        super().__init__(daemon=True)
        self.server, self.cookie, self.events = server, cookie, []

    def run(self):
        import http.client
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        link.request("GET", "/api/v1/events", headers={"cookie": self.cookie})
        name = None
        for line in link.getresponse():
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                name = text[7:]
            elif text.startswith("data: "):
                self.events.append((name, json.loads(text[6:])))

    def of(self, name):
        return [data for kind, data in list(self.events) if kind == name]


def query(folder, sql):
    with sqlite3.connect(f"file:{folder}/data/plumbline.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


@test
def findings_come_before_the_first_reading_ends_and_stay(programs, folder):
    sandbox = Sandbox(programs, folder, size=None, seed=3, arguments=["--pathologies"])
    early, spaces = {}, []
    try:
        # The company takes hours within the allowance of an hour's requests.
        with Server(programs.driver, folder, "--no-git", "--api-base", sandbox.ready["api_base"]) as server:
            admin = first_administrator(server)
            listener = Listener(server, admin.cookie)
            listener.start()
            token = next(t for t in sandbox.ready["tokens"] if t["name"] == "workspace")
            admin.expect(201, "POST", "/api/v1/connections", {
                "kind": token["kind"], "secret": token["secret"], "name": "demo",
                "workspace": sandbox.ready["workspace"]["slug"]})
            deadline = time.monotonic() + 200
            while time.monotonic() < deadline and not (early and listener.of("findings")):
                spaces.append(admin.expect(200, "GET", "/api/v1/sync")["workspaces"][0])
                for item in admin.expect(200, "GET", "/api/v1/findings")["findings"]:
                    early[item["id"]] = item
                time.sleep(0.5)
            assert early, "nothing was found while reading"
            assert all(not space["complete"] for space in spaces), spaces
            assert spaces[0]["known_since"] is None, spaces[0]
            coverage = admin.expect(200, "GET", "/api/v1/report")["coverage"]
            assert not coverage["is_complete"], coverage
            assert coverage["known_since"] == admin.expect(200, "GET", "/api/v1/workspaces")["items"][0]["known_since"]
            told = listener.of("facts")
            assert told and all(data["reading"] and data["computed"] > 0 for data in told), told
            assert query(folder, "SELECT COUNT(*) FROM merge_audit") == [(0,)], "what the log says of a merge stays"
        plumbline = [programs.driver, "--data", os.path.join(folder, "data")]
        subprocess.run([*plumbline, "sync", "--quiet", "--unlimited", "--no-git"], check=True)
        ended = query(folder, "SELECT f.rule, f.number, e.note FROM finding f JOIN finding_event e USING (finding_id)"
                              " WHERE e.kind = 'resolved'")
        assert not ended, ended
        assert query(folder, "SELECT COUNT(*) FROM finding")[0][0] > len(early)
    finally:
        sandbox.stop()


if __name__ == "__main__":
    test.main()
