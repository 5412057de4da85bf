"""Connecting through the API: every kind of credential that the sandbox has, what is refused and in which words, and
that a secret is nowhere but sealed."""
import os
import sys
import time

from cli_support import files_below
from sync_support import Tests
from web_connect_support import CHECK, LIST, SELECTION, Scene, day
from web_support import Visitor, invited

test = Tests(sys.argv)


@test
def each_kind_of_credential_is_checked_in_words(programs, folder):
    with Scene(programs, folder) as scene:
        for name in ("workspace", "project", "repository", "api", "oauth"):
            check = scene.ask(200, "POST", CHECK, scene.credential(name))
            assert check["works"] and not check["scopes_missing"], (name, check)
            assert " works" in check["sentences"][0], check
        assert scene.ask(200, "POST", CHECK, scene.credential("workspace"))["repositories"] == len(
            scene.sandbox.ready["repositories"])
        broad = scene.ask(200, "POST", CHECK, scene.credential("broad"))
        assert broad["works"] and "repository:admin" in broad["scopes_unneeded"], broad
        assert "pullrequest" not in broad["scopes_unneeded"], broad
        narrow = scene.ask(200, "POST", CHECK, scene.credential("narrow"))
        assert not narrow["works"] and narrow["scopes_missing"] == ["pullrequest"], narrow
        assert narrow["code"] == "scope-missing", narrow
        for name, words in (("expired", "expired"), ("app-password", "app passwords off")):
            refused = scene.ask(200, "POST", CHECK, scene.credential(name))
            assert not refused["works"] and refused["code"] == "credential-rejected", refused
            assert words in " ".join(refused["sentences"][1:]), refused
        soon = scene.ask(200, "POST", CHECK, scene.credential("workspace", expires=day(300)))
        assert 290 < soon["days_to_expiry"] < 330, soon
        assert scene.ask(200, "GET", LIST)["items"] == []
        assert scene.query("SELECT COUNT(*) FROM connection") == [(0,)]


@test
def what_cannot_be_is_refused_and_nothing_is_kept(programs, folder):
    with Scene(programs, folder) as scene:
        good = scene.credential("workspace", name="demo")
        for name, code in (("narrow", "scope-missing"), ("expired", "credential-rejected")):
            problem = scene.ask(422, "POST", LIST, scene.credential(name, name="demo"))
            assert problem["type"] == f"/problems/{code}", problem
        problem = scene.ask(422, "POST", LIST, {**good, "secret": "ATCTTnoneofours"})
        assert problem["type"] == "/problems/credential-rejected", problem
        for wrong, words in (({"expires": day(366 + 1)}, "365 days"), ({"expires": day(-1)}, "expired already"),
                             ({"expires": "2027-02-30"}, "not a date"), ({"kind": "ssh-key"}, "not a kind"),
                             ({"secret": "two words"}, "blank"), ({"secret": ""}, "missing"),
                             ({"kind": "repository-token"}, "one repository"),
                             ({"kind": "api-token", "account": "a@example.com"}, "expiry date"),
                             ({"repository": "no-slash"}, "workspace/repository"),
                             ({"api_base": "https://127.0.0.1:9/2.0"}, "operator"),
                             ({"git_base": "https://example.com"}, "operator")):
            assert words in scene.ask(422, "POST", LIST, {**good, **wrong})["detail"], wrong
        assert scene.ask(200, "POST", CHECK, {**good, "expires": day(365)})["works"]
        assert scene.query("SELECT COUNT(*) FROM connection") == [(0,)]
        assert scene.query("SELECT COUNT(*) FROM repository") == [(0,)]
        assert scene.ask(200, "GET", "/api/v1/acts?act=connection.add")["items"] == []


@test
def without_the_operators_word_only_bitbucket_cloud_is_asked(programs, folder):
    # The name does not resolve where tests run, or Bitbucket refuses the token; the sandbox must hear nothing.
    with Scene(programs, folder, "--no-git") as scene:
        body = scene.credential("workspace", name="demo", api_base=scene.sandbox.ready["api_base"])
        for path in (LIST, CHECK):
            assert "operator" in scene.ask(422, "POST", path, body)["detail"]
        assert scene.query("SELECT COUNT(*) FROM connection") == [(0,)]


@test
def only_administrators_connect_and_others_learn_whom_to_ask(programs, folder):
    with Scene(programs, folder) as scene:
        made = scene.connect(expires=day(20))
        editor, _ = invited(scene.server, scene.admin, "eddi@example.com", "editor")
        viewer, _ = invited(scene.server, scene.admin, "vera@example.com", "viewer")
        for visitor in (editor, viewer):
            for method, path in (("POST", LIST), ("POST", CHECK), ("PUT", f"{LIST}/{made['id']}/credential"),
                                 ("DELETE", f"{LIST}/{made['id']}"), ("PUT", SELECTION)):
                scene.ask(403, method, path, scene.credential("workspace", name="mine"), visitor)
            seen = scene.ask(200, "GET", LIST, None, visitor)
            assert seen["administrators"] == [{"name": "Ada", "email": "ada@example.com"}], seen
            assert (seen["items"][0]["name"], seen["items"][0]["workspace"]) == ("demo", scene.workspace)
            assert not {"identity", "scopes", "reason", "problems", "account", "sentence"} & set(seen["items"][0]), seen
        scene.ask(401, "GET", LIST, None, Visitor(scene.server))
        scene.ask(403, "GET", SELECTION, None, viewer)
        scene.ask(200, "GET", SELECTION, None, editor)  # who may propose another
        mine = scene.only()
        assert mine["identity"] and "pullrequest" in mine["scopes"], mine
        # Warned of from 30 days on, with the way out.
        assert mine["days_to_expiry"] in (19, 20), mine


@test
def a_first_reading_ends_with_findings_and_the_secret_is_nowhere(programs, folder):
    with Scene(programs, folder) as scene:
        made = scene.connect(expires=day(200))
        everything = len(scene.sandbox.ready["repositories"])
        assert (made["repositories_seen"], made["repositories_selected"]) == (everything, everything), made
        assert "There is a connection 'demo' already" in scene.ask(
            422, "POST", LIST, scene.credential("workspace", name="demo"))["detail"]
        run = scene.wait_until_read(made["id"])
        assert run["state"] == "done", run
        assert len(scene.ask(200, "GET", "/api/v1/findings")["findings"]) > 20
        connection = scene.only()
        assert (connection["health"], connection["state"]) == ("good", "ok"), connection
        assert (connection["repositories_known"], connection["repositories_selected"]) == (everything, everything)
        assert connection["budget"]["spent"] > 0, connection
        assert len(scene.query("SELECT 1 FROM pull_request")) > 100

        renewed = scene.ask(200, "PUT", f"{LIST}/{made['id']}/credential",
                            {"kind": "workspace-token", "secret": scene.credential("broad")["secret"], "expires": day(20)})
        assert renewed["works"], renewed
        connection = scene.only()
        assert "repository:admin" in connection["scopes_unneeded"], connection
        assert connection["health"] == "warn" and "renew this connection" in connection["sentence"], connection

        acts = [(a["act"], a["subject"]) for a in scene.ask(200, "GET", "/api/v1/acts")["items"]]
        assert acts[:2] == [("connection.renew", "demo"), ("connection.add", "demo")], acts
        for secret in {s.encode() for s in scene.sent}:
            assert secret not in scene.answers
            assert secret not in scene.server.log().encode()
            for path in files_below(os.path.join(folder, "data")):
                with open(path, "rb") as file:
                    assert secret not in file.read(), path


@test
def renewing_keeps_everything_and_a_worse_credential_changes_nothing(programs, folder):
    with Scene(programs, folder) as scene:
        made = scene.connect(expires=day(100))
        scene.wait_until_read(made["id"])
        scene.ask(200, "PUT", SELECTION, {"rules": [{"kind": "repository", "name": scene.repository, "include": True}]})
        rows = "SELECT COUNT(*), MAX(updated_at) FROM pull_request"
        selected = "SELECT full_name FROM repository WHERE is_selected = 1"
        before, chosen = scene.query(rows), scene.query(selected)
        assert chosen == [(scene.repository,)]
        path = f"{LIST}/{made['id']}/credential"
        sealed = scene.query("SELECT secret FROM connection")
        for name, code in (("narrow", "scope-missing"), ("expired", "credential-rejected")):
            problem = scene.ask(422, "PUT", path, {"secret": scene.credential(name)["secret"]})
            assert problem["type"] == f"/problems/{code}", problem
        assert "365" in scene.ask(422, "PUT", path, {"secret": "x", "expires": day(400)})["detail"]
        assert scene.query("SELECT secret FROM connection") == sealed
        assert scene.only()["expires"][:10] == day(100)
        api = scene.credential("api", expires=day(50))
        scene.ask(200, "PUT", path, {name: api[name] for name in ("kind", "account", "secret", "expires")})
        assert scene.query("SELECT secret FROM connection") != sealed
        after = scene.only()
        assert (after["id"], after["kind"], after["expires"][:10]) == (made["id"], "api-token", day(50)), after
        assert (scene.query(rows), scene.query(selected)) == (before, chosen)
        scene.ask(404, "PUT", f"{LIST}/1/credential", {"secret": "x"})


@test
def disconnecting_during_the_first_reading_keeps_what_was_read(programs, folder):
    with Scene(programs, folder) as scene:
        made = scene.connect()
        deadline = time.monotonic() + 30
        while scene.query("SELECT COUNT(*) FROM pull_request")[0][0] == 0:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        scene.ask(204, "DELETE", f"{LIST}/{made['id']}", {})
        assert scene.ask(200, "GET", LIST)["items"] == []
        assert scene.query("SELECT COUNT(*) FROM connection") == [(0,)]
        assert str(made["id"]) not in scene.ask(200, "GET", "/api/v1/sync")["connections"]
        kept = scene.query("SELECT COUNT(*) FROM pull_request")
        assert kept[0][0] > 0
        scene.ask(202, "POST", "/api/v1/sync", {})
        time.sleep(0.5)  # a round that still knew the connection would read more by now
        assert scene.query("SELECT COUNT(*) FROM pull_request") == kept
        scene.ask(404, "DELETE", f"{LIST}/{made['id']}", {})
        again = scene.connect()
        assert scene.wait_until_read(again["id"])["state"] == "done"
        acts = [a["act"] for a in scene.ask(200, "GET", "/api/v1/acts")["items"]]
        assert acts[:3] == ["connection.add", "connection.remove", "connection.add"], acts


@test
def rules_select_repositories_and_the_last_that_matches_decides(programs, folder):
    with Scene(programs, folder) as scene:
        scene.connect()
        rows = scene.ask(200, "GET", "/api/v1/repositories")["items"]
        project = next(row["project"] for row in rows if row["full_name"] == scene.repository)
        of_project = {row["full_name"] for row in rows if row["project"] == project}

        def put(*rules):
            told = scene.ask(200, "PUT", SELECTION, {"rules": [
                {"kind": kind, "name": name, "include": include} for kind, name, include in rules]})
            assert told["rules"] == scene.ask(200, "GET", SELECTION)["rules"]
            return {row["full_name"] for row in scene.ask(200, "GET", "/api/v1/repositories")["items"]
                    if row["selected"]}

        assert put(("project", project, True)) == of_project
        assert put(("pattern", "*", True), ("repository", scene.repository, False)) == {
            row["full_name"] for row in rows} - {scene.repository}
        assert put(("repository", scene.repository, False), ("pattern", "*", True)) == {row["full_name"] for row in rows}
        assert put(("pattern", scene.workspace + "/*", False)) == set()
        assert scene.only()["health"] == "warn"
        for wrong, status in (([], 422), ("*", 422), ([{"kind": "project", "name": "NONE", "include": True}], 404),
                              ([{"kind": "moon", "name": "x", "include": True}], 422),
                              ([{"kind": "pattern", "name": "*"}], 422)):
            scene.ask(status, "PUT", SELECTION, {"rules": wrong})
        assert [r["name"] for r in scene.ask(200, "GET", SELECTION)["rules"]] == [scene.workspace + "/*"]
        assert scene.ask(200, "GET", "/api/v1/acts?act=selection.set")["items"][0]["subject"] == scene.workspace


test.main()
