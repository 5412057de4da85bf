"""Setting a connection up through the API: it waits, what each step decides, that it can be left and gone on with, and
that what was decided holds in what is read."""
import subprocess
import sys
import time

from sync_support import Tests
from web_connect_support import CHECK, LIST, Scene
from web_support import invited

test = Tests(sys.argv)
RELEASES = "/api/v1/releases"


def held(scene, **more):
    return scene.connect(set_up_first=True, **more)


def command(scene, *arguments):
    return subprocess.run([scene.programs.driver, "--data", f"{scene.folder}/data", *arguments], text=True,
                          capture_output=True, check=False)


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, condition
        time.sleep(0.1)


@test
def a_connection_that_is_being_set_up_is_not_read(programs, folder):
    with Scene(programs, folder) as scene:
        made = held(scene)
        one = scene.only()
        assert (one["setup_step"], one["health"], one["history_days"]) == ("repositories", "warn", None), one
        assert "not finished" in one["sentence"] and one["repositories_selected"] > 0, one
        (workspace,) = scene.ask(200, "GET", "/api/v1/workspaces")["items"]
        assert (workspace["slug"], workspace["complete"], workspace["set_up"]) == (scene.workspace, False, False)
        scene.ask(202, "POST", "/api/v1/sync", {})
        # Everything around it goes on: rules, another credential, a round of the command line.
        scene.ask(200, "PUT", "/api/v1/repositories/selection", {
            "rules": [{"kind": "repository", "name": scene.repository, "include": True}]})
        scene.ask(200, "PUT", f"{LIST}/{made['id']}/credential", {"secret": scene.credential("workspace")["secret"]})
        told = command(scene, "sync", "--no-git")
        assert told.returncode == 0 and "being set up" in told.stderr, told
        assert "being set up" in command(scene, "connections").stdout
        assert scene.admin.expect(200, "GET", "/api/v1/sync")["connections"] == {}
        assert scene.query("SELECT COUNT(*) FROM pull_request") == [(0,)]


@test
def each_step_is_kept_and_the_last_begins_the_reading(programs, folder):
    with Scene(programs, folder) as scene:
        path = f"{LIST}/{held(scene)['id']}"
        for step in ("approvers", "releases", "horizon"):
            answer = scene.ask(200, "PATCH", path, {"setup_step": step})
            assert answer["setup_step"] == scene.only()["setup_step"] == step, answer
        assert scene.ask(200, "PATCH", path, {"history_days": 90})["history_days"] == 90
        ended = scene.ask(200, "PATCH", path, {"setup_step": None})
        assert ended == {"id": scene.only()["id"], "history_days": 90, "setup_step": None}, ended
        run = scene.wait_until_read(ended["id"])
        assert run["state"] == "done", run
        assert scene.query("SELECT COUNT(*) FROM pull_request")[0][0] > 0
        acts = [(act["act"], act["detail"]) for act in scene.ask(200, "GET", "/api/v1/acts")["items"]]
        assert ("connection.history", "90 days back") in acts and ("connection.set-up", scene.workspace) in acts, acts
        assert "set up already" in scene.ask(422, "PATCH", path, {"setup_step": "releases"})["detail"]


@test
def a_longer_horizon_later_reads_the_older_history_on(programs, folder):
    with Scene(programs, folder) as scene:
        path = f"{LIST}/{held(scene)['id']}"
        scene.ask(200, "PATCH", path, {"history_days": 30, "setup_step": None})
        scene.wait_until_read(scene.only()["id"])
        few = scene.query("SELECT COUNT(*) FROM pull_request")[0][0]
        asked = {choice["days"]: choice["pull_requests"]
                 for choice in scene.ask(200, "GET", f"{path}/horizons")["items"]}
        assert 0 < few < asked[365] <= asked[0], (few, asked)
        scene.ask(200, "PATCH", path, {"history_days": 0})
        wait_for(lambda: scene.query("SELECT COUNT(*) FROM pull_request") == [(asked[0],)])


@test
def what_a_horizon_costs_is_asked_of_bitbucket(programs, folder):
    with Scene(programs, folder) as scene:
        path = f"{LIST}/{held(scene)['id']}"
        answer = scene.ask(200, "GET", f"{path}/horizons")
        assert [choice["days"] for choice in answer["items"]] == [90, 365, 730, 0], answer
        assert answer["repositories"] == scene.only()["repositories_selected"], answer
        assert 0 < answer["asked"] <= answer["repositories"] and answer["history_days_default"] == 730, answer
        pulls = [choice["pull_requests"] for choice in answer["items"]]
        requests = [choice["requests"] for choice in answer["items"]]
        assert pulls == sorted(pulls) and requests == sorted(requests) and pulls[0] > 0, answer
        assert all(choice["seconds"] is not None for choice in answer["items"]), answer


@test
def the_main_branch_and_what_counts_as_a_release_are_chosen(programs, folder):
    with Scene(programs, folder) as scene:
        held(scene)
        answer = scene.ask(200, "GET", RELEASES)
        assert [kind["kind"] for kind in answer["kinds"]] == ["deployments", "pipelines", "merge"], answer
        first = answer["items"][0]
        assert (first["kind"], first["chosen_main_branch"], first["known_from"]) == ("deployments", None, "nothing"), first
        assert first["main_branch"] == first["told_main_branch"] != None, first
        name, told = first["repository"], first["told_main_branch"]
        project = first["project"]
        answer = scene.ask(200, "PUT", RELEASES, {"items": [
            {"project": project, "kind": "pipelines"}, {"repository": name, "kind": "merge", "main_branch": "develop"}]})
        for item in answer["items"]:
            expected = "merge" if item["repository"] == name else "pipelines" if item["project"] == project else "deployments"
            assert item["kind"] == expected, item
        assert (answer["items"][0]["main_branch"], answer["items"][0]["chosen_main_branch"]) == ("develop", "develop")
        listed = command(scene, "repositories").stdout
        assert "develop (chosen)" in listed, listed
        # What Bitbucket says anyway is no choice, so that a change there is followed.
        answer = scene.ask(200, "PUT", RELEASES, {"items": [{"repository": name, "main_branch": told}]})
        assert answer["items"][0]["chosen_main_branch"] is None, answer["items"][0]
        for wrong, words in (([], "1 to"), ([{"kind": "merge"}], "names one"), ([{"repository": name}], "what counts"),
                             ([{"repository": name, "kind": "tag"}], "one of"),
                             ([{"repository": name, "project": project, "kind": "merge"}], "names one"),
                             ([{"project": project, "main_branch": "x"}], "for one repository"),
                             ([{"repository": name, "main_branch": "a..b"}], "not the name of a branch")):
            assert words in scene.ask(422, "PUT", RELEASES, {"items": wrong})["detail"], wrong
        assert "is meant" in scene.ask(404, "PUT", RELEASES, {"items": [{"repository": "x/y", "kind": "merge"}]})["detail"]
        assert scene.ask(200, "GET", RELEASES)["items"] == answer["items"]
        assert [act["act"] for act in scene.ask(200, "GET", "/api/v1/acts?act=releases.set")["items"]] == ["releases.set"] * 2


@test
def merges_into_a_chosen_main_branch_are_releases(programs, folder):
    with Scene(programs, folder) as scene:
        path = f"{LIST}/{held(scene)['id']}"
        scene.ask(200, "PUT", RELEASES, {"items": [{"pattern": "*", "kind": "merge"}]})
        scene.ask(200, "PATCH", path, {"history_days": 0, "setup_step": None})
        scene.wait_until_read(scene.only()["id"])
        merged = ("SELECT COUNT(*) FROM fact_pr f JOIN pull_request p USING (workspace_id, repository_id, number) JOIN"
                  " repository r USING (workspace_id, repository_id) WHERE f.merged_at IS NOT NULL AND r.full_name = ? AND"
                  " p.destination_branch = ?")
        made = ("SELECT COUNT(*) FROM fact_deployment d JOIN repository r USING (workspace_id, repository_id)"
                " WHERE d.source = 'merge' AND r.full_name = ?")
        main = {item["repository"]: item["told_main_branch"] for item in scene.ask(200, "GET", RELEASES)["items"]}
        name = next((name for name in main if scene.query(made, name)[0][0] > 0), None)
        assert name is not None, "no repository without deployments"
        assert scene.query(made, name) == scene.query(merged, name, main[name])
        scene.ask(200, "PUT", RELEASES, {"items": [{"repository": name, "main_branch": "elsewhere"}]})
        assert command(scene, "releases").returncode == 0  # computes what is out of date
        assert scene.query(made, name) == scene.query(merged, name, "elsewhere") == [(0,)]


@test
def a_second_connection_takes_nothing_from_the_first_before_it_is_set_up(programs, folder):
    with Scene(programs, folder) as scene:
        first = scene.connect(patterns=[scene.repository])
        scene.wait_until_read(first["id"])
        before = scene.query("SELECT repository_id, connection_id, is_selected FROM repository ORDER BY 1")
        rules = scene.ask(200, "GET", "/api/v1/repositories/selection")["rules"]
        scene.ask(201, "POST", LIST, scene.credential("project", name="second", set_up_first=True))
        assert scene.query("SELECT repository_id, connection_id, is_selected FROM repository ORDER BY 1") == before
        assert scene.ask(200, "GET", "/api/v1/repositories/selection")["rules"] == rules


@test
def the_command_line_decides_the_same(programs, folder):
    with Scene(programs, folder) as scene:
        held(scene)
        told = command(scene, "connections", "days", "demo", "365")
        assert told.returncode == 0 and scene.only()["history_days"] == 365, told
        assert "365 days" in command(scene, "connections").stdout
        for wrong in (("connections", "days", "demo", "-1"), ("connections", "days", "demo"), ("connections", "days", "no", "1"),
                      ("repositories", "main-branch", scene.repository, "a b"), ("repositories", "main-branch", "x/y", "a")):
            assert command(scene, *wrong).returncode != 0, wrong
        told = command(scene, "repositories", "main-branch", scene.repository, "release/1.x")
        assert told.returncode == 0, told
        item = next(i for i in scene.ask(200, "GET", RELEASES)["items"] if i["repository"] == scene.repository)
        assert item["chosen_main_branch"] == "release/1.x", item
        assert command(scene, "repositories", "main-branch", scene.repository).returncode == 0
        item = next(i for i in scene.ask(200, "GET", RELEASES)["items"] if i["repository"] == scene.repository)
        assert item["chosen_main_branch"] is None, item


@test
def only_administrators_decide(programs, folder):
    with Scene(programs, folder) as scene:
        path = f"{LIST}/{held(scene)['id']}"
        editor, _ = invited(scene.server, scene.admin, "eddi@example.com", "editor")
        viewer, _ = invited(scene.server, scene.admin, "vera@example.com", "viewer")
        for visitor in (editor, viewer):
            for method, where, body in (("PATCH", path, {"history_days": 1}), ("GET", f"{path}/horizons", None),
                                        ("PUT", RELEASES, {"items": [{"pattern": "*", "kind": "merge"}]})):
                scene.ask(403, method, where, body, visitor)
            assert scene.ask(200, "GET", RELEASES, None, visitor)["items"], "everybody sees what counts"
        assert scene.only()["history_days"] is None
        for wrong, words in (({"history_days": -1}, "number of days"), ({"history_days": "90"}, "number of days"),
                             ({"history_days": 3661}, "number of days"), ({"setup_step": "done"}, "one of"),
                             ({"setup_step": 1}, "one of")):
            assert words in scene.ask(422, "PATCH", path, wrong)["detail"], wrong
        scene.ask(404, "PATCH", f"{LIST}/1", {"history_days": 1})
        scene.ask(404, "GET", f"{LIST}/1/horizons")
        assert scene.ask(200, "POST", CHECK, scene.credential("workspace"))["works"]


test.main()
