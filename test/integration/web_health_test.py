"""How connections and repositories are doing, as the API tells it: each trouble that the sandbox can make is named with
its way out, and is gone when it is over."""
import json
import sys
import time

from sync_support import Sandbox, Tests
from web_support import Server, first_administrator, invited

test = Tests(sys.argv)
HEALTH, CONNECTIONS, SYNC = "/api/v1/repositories/health", "/api/v1/connections", "/api/v1/sync"


class Scene:
    """A server that has read a sandbox."""

    def __init__(self, programs, folder, token="workspace", scopes=None):
        self.sandbox = Sandbox(programs, folder, arguments=("--pull-requests", "60"))
        secret = next(t["secret"] for t in self.sandbox.ready["tokens"] if t["name"] == token)
        if scopes is not None:
            secret = self.sandbox.control("POST", "token", {
                "name": "own", "kind": "workspace-token", "scopes": scopes,
                "reach": self.sandbox.ready["workspace"]["slug"]})["secret"]
        self.server = Server(programs.driver, folder, "--api-base", self.sandbox.ready["api_base"], "--no-git")
        self.admin = first_administrator(self.server)
        self.id = self.admin.expect(201, "POST", CONNECTIONS, {
            "kind": "workspace-token", "secret": secret, "name": "demo",
            "workspace": self.sandbox.ready["workspace"]["slug"]})["id"]
        self.wait(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        self.sandbox.stop()

    def run(self):
        return self.admin.expect(200, "GET", SYNC)["connections"].get(str(self.id), {})

    def wait(self, before, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            run = self.run()
            if run.get("state") in ("done", "failed") and run.get("finished") != before:
                return run
            time.sleep(0.1)
        raise AssertionError(run)

    def read(self):
        """One more round."""
        before = self.run()["finished"]
        time.sleep(1.1)  # rounds are told apart by the second they ended in
        self.admin.expect(202, "POST", SYNC, {})
        return self.wait(before)

    def health(self):
        answer = self.admin.expect(200, "GET", HEALTH)
        return {item["repository"]: item for item in answer["items"]}, answer

    def connection(self):
        return self.admin.expect(200, "GET", CONNECTIONS)["items"][0]


@test
def all_is_well_and_only_administrators_are_told(programs, folder):
    with Scene(programs, folder) as scene:
        items, answer = scene.health()
        assert set(items) == {r["full_name"] for r in scene.sandbox.ready["repositories"]}
        assert answer["problems"] == [] and answer["set_aside_count"] == 0, answer
        seen = scene.connection()
        for item in items.values():
            assert (item["standing"], item["health"], item["sentence"]) == ("read", "good", None), item
            assert item["connection"] == "demo" and item["last_read"] == seen["last_read"], item
        truth = {r["full_name"]: len(r["pull_requests"]) for r in scene.sandbox.truth()["repositories"]}
        assert {name: item["pull_requests"] for name, item in items.items()} == truth
        for role in ("editor", "viewer"):
            visitor, _ = invited(scene.server, scene.admin, f"{role}@example.com", role)
            visitor.expect(403, "GET", HEALTH)
        scene.admin.expect(404, "GET", HEALTH + "?workspace=nowhere")


@test
def a_deleted_and_a_forbidden_repository_are_told_with_the_way_out(programs, folder):
    with Scene(programs, folder) as scene:
        gone, shut, renamed = [r["full_name"] for r in scene.sandbox.ready["repositories"]][:3]
        scene.sandbox.control("POST", "delete-repository", {"repository": gone})
        uuid = scene.sandbox.ready["repositories"][1]["uuid"].strip("{}")
        for path in (f"*{uuid}*", f"/2.0/repositories/{shut}*"):
            scene.sandbox.fault("forbidden", path=path)
        scene.sandbox.control("POST", "rename", {"repository": renamed.split("/")[1], "slug": "new-name"})
        scene.sandbox.advance(days=1)
        for repository in scene.sandbox.ready["repositories"]:
            if repository["full_name"] != gone:
                name = "new-name" if repository["full_name"] == renamed else repository["full_name"].split("/")[1]
                try:
                    scene.sandbox.control("POST", "activity", {"repository": name, "kind": "commented"})
                except OSError:
                    pass  # one in which nothing is open
        scene.read()
        items, _ = scene.health()
        assert items[gone]["standing"] == "vanished" and items[gone]["health"] == "bad", items[gone]
        assert "deleted" in items[gone]["sentence"] and "Leave it out" in items[gone]["sentence"]
        assert items[gone]["last_read"] is None and items[gone]["since"], items[gone]
        assert items[gone]["pull_requests"] > 0
        assert items[shut]["standing"] == "forbidden" and "read access" in items[shut]["sentence"], items[shut]
        workspace = renamed.split("/")[0]
        assert items[f"{workspace}/new-name"]["standing"] == "read" and renamed not in items, items
        connection = scene.connection()
        assert connection["health"] == "warn" and "2 of " in connection["sentence"], connection

        scene.sandbox.clear_faults()
        scene.read()
        items, _ = scene.health()
        assert items[shut]["standing"] == "read" and items[shut]["problems"] == [], items[shut]
        assert items[gone]["standing"] == "vanished"


@test
def trouble_in_one_part_names_the_repository_and_passes(programs, folder):
    with Scene(programs, folder) as scene:
        name = scene.sandbox.ready["repositories"][0]["full_name"]
        scene.sandbox.fault("server-error", repository=name.split("/")[1], path="*/pullrequests*")
        scene.sandbox.advance(days=8)  # the weekly reading is due
        scene.read()
        items, _ = scene.health()
        assert items[name]["standing"] == "failing" and items[name]["health"] == "warn", items[name]
        assert "tried again in every round" in items[name]["sentence"], items[name]
        assert items[name]["problems"] and items[name]["since"] and items[name]["last_read"] is None
        assert all(item["standing"] == "read" for other, item in items.items() if other != name), items
        scene.sandbox.clear_faults()
        scene.read()
        assert scene.health()[0][name]["standing"] == "read"


@test
def an_optional_part_that_is_refused_is_a_note_and_no_fault(programs, folder):
    with Scene(programs, folder, scopes=["repository", "pullrequest"]) as scene:
        items, answer = scene.health()
        assert all(item["health"] == "good" for item in items.values()), items
        notes = [problem["sentence"] for problem in answer["problems"] if problem["is_note"]]
        assert any("Deployments and pipelines are not read" in note and "pipeline" in note for note in notes), answer
        assert scene.connection()["health"] == "good"


@test
def a_refused_credential_stops_all_of_its_repositories(programs, folder):
    with Scene(programs, folder) as scene:
        scene.sandbox.fault("unauthorized")
        scene.read()
        items, _ = scene.health()
        assert all(item["standing"] == "refused" for item in items.values()), items
        assert all("Renew it" in item["sentence"] for item in items.values())
        assert scene.connection()["health"] == "bad" and "Renew the credential" in scene.connection()["sentence"]
        scene.sandbox.clear_faults()
        scene.read()
        assert all(item["standing"] == "read" for item in scene.health()[0].values())


@test
def without_its_connection_a_repository_says_so(programs, folder):
    with Scene(programs, folder) as scene:
        other = scene.sandbox.ready["tokens"]
        token = next(t for t in other if t["kind"] == "repository-token")
        name = scene.sandbox.ready["repositories"][0]["full_name"]
        scene.admin.expect(201, "POST", CONNECTIONS, {"kind": "repository-token", "secret": token["secret"],
                                                      "name": "one", "repository": name})
        scene.admin.expect(204, "DELETE", f"{CONNECTIONS}/{scene.id}", {})
        items, _ = scene.health()
        assert items[name]["connection"] == "one", items[name]
        others = [item for other, item in items.items() if other != name]
        assert others and all(item["standing"] == "unconnected" for item in others), items
        assert all("leave it out" in item["sentence"] for item in others), json.dumps(others)


test.main()
