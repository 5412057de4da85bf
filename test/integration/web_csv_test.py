"""Every list of the API as CSV: the same rows as its JSON, whatever a spreadsheet would make of them. usage: web_csv_test.py SANDBOX PLUMBLINE -"""
import csv
import io
import os
import re
import sys

from cli_support import read_company
from sync_support import Tests
from web_support import PASSWORD, Server, Visitor, first_administrator, invited

test = Tests(sys.argv)

DOCUMENT = os.path.join(os.path.dirname(__file__), "../../docs/api/openapi.yaml")
QUERY = "/api/v1/query?measures=cycle-time,merged&by=week&days=120"
LISTS = ("items", "rules", "findings", "measures", "mutes", "teams", "doubts", "settings")


def offered():
    """The paths whose GET offers CSV, and those whose JSON is a list but offers none, as the document has them."""
    with_csv, without = [], []
    path = method = None
    for line in open(DOCUMENT, encoding="utf-8"):
        if re.match(r"  /\S+:$", line):
            path = line.strip()[:-1]
        elif re.match(r"    [a-z]+:$", line):
            method = line.strip()[:-1]
        elif line.startswith('        "200":') and method == "get":
            if "text/csv" in line:
                with_csv.append(path)
            elif "items: {type: array" in line and "{" not in path:
                without.append(path)
    return with_csv, without


def read_csv(answer):
    assert answer.status == 200, answer.content
    assert answer.getheader("content-type") == "text/csv; charset=utf-8", answer.getheader("content-type")
    text = answer.content.decode()
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", ""), text[:200]
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert all(len(row) == len(rows[0]) for row in rows), "rows of unequal length"
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def field(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def compare(path, items, rows):
    assert len(items) == len(rows), (path, len(items), len(rows))
    for item, row in zip(items, rows):
        shared = [name for name, value in item.items() if name in row and not isinstance(value, (list, dict, float))]
        assert shared, (path, list(row))
        for name in shared:
            told = re.sub(r"[\x00-\x1f\x7f]", " ", field(item[name]))
            assert row[name].removeprefix("'") == told.removeprefix("'"), (path, name, item[name], row[name])


@test
def every_list_comes_as_csv_with_the_rows_of_its_json(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            invited(server, admin, "eddi@example.com", "editor")
            admin.expect(201, "POST", "/api/v1/invitations", {"email": "open@example.com", "role": "viewer"})
            admin.expect(201, "POST", "/api/v1/tokens", {"name": "t", "role": "viewer", "days": 30})
            paths, without = offered()
            assert not without, f"lists that offer no CSV: {without}"
            assert len(paths) >= 26, paths
            empty = []
            for path in paths:
                if "{" in path:
                    continue
                address = QUERY if path == "/api/v1/query" else path
                document = admin.expect(200, "GET", address)
                rows = read_csv(admin.ask("GET", address, accept="text/csv"))
                if path == "/api/v1/report":
                    continue  # a value a row; beside the command line's below
                name = next((name for name in LISTS if isinstance(document.get(name), list)), None)
                if name is not None and not document.get("next_cursor") and not document.get("next"):
                    compare(path, document[name], rows)
                if not rows:
                    empty.append(path)
            assert "/api/v1/people" in paths and "/api/v1/people" not in empty
            filled = {"/api/v1/" + name for name in ("findings", "rules", "repositories", "acts", "users", "people")}
            assert not filled & set(empty), empty
    finally:
        sandbox.stop()


@test
def the_command_line_writes_the_same_csv(programs, folder):
    sandbox, program, data = read_company(programs, folder)
    try:
        with Server(programs.driver, folder) as server:
            admin = first_administrator(server)
            told = program.succeed(*data, "insights", "--format", "csv")
            rows = list(csv.DictReader(io.StringIO(told, newline="")))
            assert len(rows) > 20 and {"rule", "what", "next", "repository_name"} <= set(rows[0]), rows[:1]
            assert rows == read_csv(admin.ask("GET", "/api/v1/findings", accept="text/csv"))
            told = program.succeed(*data, "report", "--days", "60", "--format", "csv")
            assert told == admin.ask("GET", "/api/v1/report?days=60", accept="text/csv").content.decode()
    finally:
        sandbox.stop()


@test
def a_formula_is_no_formula_any_more(programs, folder):
    with Server(programs.driver, folder) as server:
        admin = first_administrator(server)
        names = ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2", "＝1+1", 'say "a, b"', "plain"]
        for number, name in enumerate(names):
            link = admin.expect(201, "POST", "/api/v1/invitations",
                                {"email": f"n{number}@example.com", "role": "viewer"})["link"]
            Visitor(server).expect(201, "POST", "/api/v1/join", {"secret": link.split("#")[1], "name": name, "password": PASSWORD})
        rows = read_csv(admin.ask("GET", "/api/v1/users", accept="text/csv"))
        kept = {row["email"]: row["name"] for row in rows}
        for number, name in enumerate(names):
            guarded = "'" + name if number < 5 else name
            assert kept[f"n{number}@example.com"] == guarded, (name, kept[f"n{number}@example.com"])


@test
def whoever_prefers_json_gets_json(programs, folder):
    with Server(programs.driver, folder) as server:
        admin = first_administrator(server)
        cases = {"text/csv": "text/csv", "TEXT/CSV; charset=utf-8": "text/csv", "text/csv;q=0.5": "text/csv",
                 "text/csv, */*;q=0.1": "text/csv", "application/json;q=0.4, text/csv;q=0.9": "text/csv",
                 "application/json, text/csv;q=0.9": "application/json", "application/json, text/csv": "application/json",
                 "text/csv;q=0": "application/json", "*/*": "application/json", "text/csvx": "application/json",
                 "text/csv;q=2": "application/json", "text/html, application/xhtml+xml, */*;q=0.8": "application/json"}
        for accept, wanted in cases.items():
            answer = admin.ask("GET", "/api/v1/users", accept=accept)
            assert answer.getheader("content-type").startswith(wanted), (accept, answer.getheader("content-type"))
            assert answer.getheader("vary") == "Accept"
        assert admin.ask("GET", "/api/v1/users?format=csv").getheader("content-type").startswith("text/csv")


@test
def a_long_list_comes_in_one_piece(programs, folder):
    with Server(programs.driver, folder) as server:
        admin = first_administrator(server)
        for number in range(60):
            admin.expect(201, "POST", "/api/v1/invitations", {"email": f"n{number}@example.com", "role": "viewer"})
        answer = admin.ask("GET", "/api/v1/acts", accept="text/csv")
        assert [row["seq"] for row in read_csv(answer)] == [str(n) for n in range(61, 0, -1)]
        assert answer.getheader("plumbline-next") is None


@test
def a_role_is_asked_for_whatever_the_form(programs, folder):
    with Server(programs.driver, folder) as server:
        admin = first_administrator(server)
        viewer, _ = invited(server, admin, "vera@example.com", "viewer")
        for path in ("/api/v1/users", "/api/v1/acts", "/api/v1/invitations"):
            assert viewer.ask("GET", path, accept="text/csv").status == 403
            assert Visitor(server).ask("GET", path, accept="text/csv").status == 401


test.main()
