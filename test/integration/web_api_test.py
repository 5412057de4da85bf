"""The API beside the command line, on a sandbox: what both tell must be the same; and what the server does by itself."""
import csv
import io
import json
import socket
import sys
import time

from cli_support import read_company
from sync_support import Tests
from web_support import Server, Visitor, first_administrator, invited

test = Tests(sys.argv)


def listen(server, visitor, wanted, seconds=60):
    """Events until one is of the wanted type, whose data it returns."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as link:
        link.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
                     f"Cookie: {visitor.cookie}\r\nLast-Event-ID: 0\r\n\r\n".encode())
        heard, deadline = "", time.monotonic() + seconds
        while time.monotonic() < deadline:
            part = link.recv(65536)
            assert part, heard
            heard += part.decode()
            for block in heard.split("\n\n"):
                if f"event: {wanted}\n" in block and "data: " in block:
                    return json.loads(block.split("data: ")[1].splitlines()[0])
    raise AssertionError(f"no event {wanted}: {heard[-500:]}")


@test
def what_the_api_tells_is_what_the_command_line_tells(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            assert listen(server, admin, "sync")["state"] == "done"
            findings = admin.expect(200, "GET", "/api/v1/findings")
            told = json.loads(program.succeed(*data, "insights", "--format", "json"))
            assert len(told["findings"]) > 20
            assert findings == told
            one = findings["findings"][0]["id"]
            assert admin.expect(200, "GET", f"/api/v1/findings/{one}") == json.loads(
                program.succeed(*data, "insights", "show", one, "--format", "json"))
            assert admin.expect(200, "GET", "/api/v1/report?days=60") == json.loads(
                program.succeed(*data, "report", "--days", "60", "--format", "json"))
            query = "/api/v1/query?measures=cycle-time,merged&statistics=n&by=week,repository&days=120"
            asked = ("measure", "cycle-time", "merged", "--statistic", "n", "--by", "week", "--by",
                     "repository", "--days", "120")
            assert admin.expect(200, "GET", query) == json.loads(
                program.succeed(*data, *asked, "--format", "json"))
            table = admin.ask("GET", query, accept="text/csv")
            assert table.getheader("content-type").startswith("text/csv")
            rows = list(csv.DictReader(io.StringIO(table.content.decode())))
            assert rows and {"measure", "value", "n"} <= set(rows[0]), rows[:1]
            alone = admin.expect(200, "GET", "/api/v1/query?measures=cycle-time&by=week")
            assert alone["rows"], alone
            names = {item["full_name"] for item in admin.expect(200, "GET", "/api/v1/repositories")["items"]}
            assert names == {r["full_name"] for r in sandbox.ready["repositories"]}
    finally:
        sandbox.stop()


@test
def a_finding_is_triaged_by_editors_and_its_history_says_by_whom(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            editor, _ = invited(server, admin, "eddi@example.com", "editor")
            viewer, _ = invited(server, admin, "vera@example.com", "viewer")
            found = viewer.expect(200, "GET", "/api/v1/findings?rule=stale")["findings"]
            steps = f"/api/v1/findings/{found[0]['id']}/steps"
            viewer.expect(403, "POST", steps, {"action": "acknowledge"})
            editor.expect(422, "POST", steps, {"action": "dismiss"})
            editor.expect(422, "POST", steps, {"action": "admire"})
            after = editor.expect(200, "POST", steps, {"action": "dismiss", "note": "agreed with the team"})
            assert after["state"] == "dismissed"
            assert (after["history"][-1]["actor"], after["history"][-1]["note"]) == (
                "eddi@example.com", "agreed with the team")
            left = viewer.expect(200, "GET", "/api/v1/findings?rule=stale")["findings"]
            assert len(left) == len(found) - 1
            everything = viewer.expect(200, "GET", "/api/v1/findings?rule=stale&state=dismissed")["findings"]
            assert [f["id"] for f in everything] == [found[0]["id"]]
            Visitor(server).expect(401, "GET", "/api/v1/findings")
    finally:
        sandbox.stop()


@test
def a_rule_is_tried_by_anybody_and_set_by_administrators(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            editor, _ = invited(server, admin, "eddi@example.com", "editor")
            tried = editor.expect(200, "POST", "/api/v1/rules/stale/dry-run", {"parameters": {"after": 30}})
            assert tried == json.loads(program.succeed(*data, "insights", "dry-run", "stale", "--set",
                                                       "after=30d", "--format", "json"))
            assert tried["as_tried"]["findings"] < tried["as_set"]["findings"]
            editor.expect(403, "PATCH", "/api/v1/rules/stale", {"is_on": False})
            admin.expect(422, "PATCH", "/api/v1/rules/stale", {"parameters": {"after": 100000}})
            admin.expect(404, "PATCH", "/api/v1/rules/none", {"is_on": False})
            rules = admin.expect(200, "PATCH", "/api/v1/rules/stale", {"is_on": False, "parameters": {"after": 30}})
            stale = next(rule for rule in rules["rules"] if rule["id"] == "stale")
            assert stale["is_on"] is False and stale["parameters"][0]["value"] == 30, stale
            acts = admin.expect(200, "GET", "/api/v1/acts?act=rule.set")["items"]
            assert [act["subject"] for act in acts] == ["stale"], acts
    finally:
        sandbox.stop()


@test
def nobody_is_measured_by_person_unless_the_workspace_allows_it(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            for dimension in ("author", "reviewer"):
                problem = admin.expect(403, "GET", f"/api/v1/query?measures=merged&by={dimension}")
                assert "by person" in problem["detail"], problem
            for wrong in ("measures=none", "measures=merged&by=moon", "measures=merged&statistics=luck",
                          "measures=merged&days=0", "measures=merged&from=2026-10-02&until=2026-10-01", "by=week"):
                admin.expect(422, "GET", "/api/v1/query?" + wrong)
            admin.expect(404, "GET", "/api/v1/query?measures=merged&repository=acme/none")
    finally:
        sandbox.stop()


@test
def the_server_reads_by_itself_what_is_new(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            assert listen(server, admin, "sync")["state"] == "done"
            before = admin.expect(200, "GET", "/api/v1/report?days=30")
            sandbox.advance(days=7)
            admin.expect(202, "POST", "/api/v1/sync", {})
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                after = admin.expect(200, "GET", "/api/v1/report?days=30")
                if after["window"]["until"] > before["window"]["until"]:
                    break
                time.sleep(0.2)
            assert after["window"]["until"][:10] == "2026-11-23", after["window"]
            assert after["throughput"] != before["throughput"]
    finally:
        sandbox.stop()


@test
def before_anything_is_connected_the_api_says_so(programs, folder):
    with Server(programs.driver, folder) as server:
        admin = first_administrator(server)
        assert admin.expect(200, "GET", "/api/v1/workspaces") == {"items": []}
        problem = admin.expect(404, "GET", "/api/v1/findings")
        assert problem["detail"] == "Nothing is connected yet.", problem


test.main()
