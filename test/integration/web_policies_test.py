"""Approval policies and proposals in the API: roles, bad input, the same numbers as the command line, a second person."""
import json
import sys

from cli_support import read_company
from sync_support import Tests, microseconds
from web_support import Server, first_administrator, invited

test = Tests(sys.argv)


class Stage:
    """A workspace that is read, a server, and one account of each role."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder

    def __enter__(self):
        self.sandbox, self.program, self.data = read_company(self.programs, self.folder)
        self.slug = self.sandbox.ready["workspace"]["slug"]
        self.server = Server(self.programs.driver, self.folder, "--no-git")
        self.admin = first_administrator(self.server)
        self.second, _ = invited(self.server, self.admin, "bea@example.com", "admin")
        self.editor, _ = invited(self.server, self.admin, "eddi@example.com", "editor")
        self.viewer, _ = invited(self.server, self.admin, "vera@example.com", "viewer")
        return self

    def __exit__(self, *_):
        self.server.__exit__()
        self.sandbox.stop()

    def run(self, *arguments):
        return self.program.succeed(*self.data, *arguments)

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--format", "json"))

    def acts(self, act):
        return self.admin.expect(200, "GET", f"/api/v1/acts?act={act}")["items"]

    def selected(self):
        return {row["full_name"] for row in self.admin.expect(200, "GET", "/api/v1/repositories")["items"]
                if row["selected"]}


def staged(function):
    def inside(programs, folder):
        with Stage(programs, folder) as stage:
            function(stage)
    inside.__name__ = function.__name__
    return test(inside)


@staged
def a_policy_is_set_by_administrators_and_told_as_the_command_line_tells_it(stage):
    project = stage.admin.expect(200, "GET", "/api/v1/repositories")["items"][0]["project"]
    first = {"scope": "project", "subject": project, "least_approvals": 2, "from": "2026-03-01"}
    stage.viewer.expect(403, "POST", "/api/v1/policies", first)
    stage.editor.expect(403, "POST", "/api/v1/policies", first)
    made = stage.admin.expect(201, "POST", "/api/v1/policies", first)
    assert (made["policy"], len(made["versions"]), made["second_person"]) == (1, 1, False), made
    stage.admin.expect(201, "POST", "/api/v1/policies", {**first, "least_approvals": 3, "void_on_push": True,
                                                         "from": "2026-07-01T00:00:00Z"})
    stage.admin.expect(201, "POST", "/api/v1/policies", {"branch": "release/*", "builds_must_pass": True,
                                                         "author_counts": True, "from": "2026-05-01"})
    listed = stage.viewer.expect(200, "GET", "/api/v1/policies")
    assert listed["items"] == stage.json("policy"), listed
    assert [(p["policy"], p["version"], p["state"], p["in_force"]) for p in listed["items"]] == [
        (1, 2, "in-force", 2), (2, 1, "in-force", 1)]
    assert (listed["items"][0]["where"], listed["items"][0]["subject"]) == (f"project {project}", project)
    assert listed["items"][0]["asks"] == "3 approvals; new commits void approvals"
    assert listed["items"][0]["written_by"] == "ada@example.com"
    one = stage.viewer.expect(200, "GET", "/api/v1/policies/1")
    assert one["versions"] == stage.json("policy", "show", "1")
    assert [v["state"] for v in one["versions"]] == ["replaced", "in-force"]
    stage.viewer.expect(404, "GET", "/api/v1/policies/77")
    stage.viewer.expect(404, "GET", "/api/v1/policies/none")
    stage.editor.expect(403, "POST", "/api/v1/policies/2/end", {})
    ended = stage.admin.expect(200, "POST", "/api/v1/policies/2/end", {"at": "2026-08-01"})
    assert (ended["versions"][0]["ended"], ended["versions"][0]["state"]) == ("2026-08-01T00:00:00Z", "ended")
    again = stage.admin.expect(404, "POST", "/api/v1/policies/2/end", {})
    assert "that has not ended" in again["detail"], again
    stage.admin.expect(404, "POST", "/api/v1/policies/77/end", {})
    assert [act["subject"] for act in stage.acts("policy.set")] == ["2, version 1", "1, version 2", "1, version 1"]
    assert [act["subject"] for act in stage.acts("policy.end")] == ["2"]


@staged
def what_cannot_be_a_policy_is_refused_in_words(stage):
    person = stage.editor.expect(200, "GET", "/api/v1/policies/approvers")["people"][0]
    ana = {"kind": "person", "id": person["id"]}
    wrong = {
        "least_approvals": ({"least_approvals": 101}, {"least_approvals": -1}, {"least_approvals": "2"}),
        "more of its required": ({"required": [ana], "required_least": 2},),
        "named twice": ({"required": [ana, {"kind": "person", "name": person["name"]}]},),
        "one person, or 1 to 100": ({"required": [{**ana, "least": 2}]},),
        "kind": ({"required": [{"id": 1}]}, {"required": [7]}),
        "no person 7": ({"required": [{"kind": "person", "id": 7}]},),
        "no team 7": ({"required": [{"kind": "team", "id": 7}]},),
        "32": ({"required": [ana] * 33},),
        "is a list": ({"required": "Ana"},),
        "scope": ({"scope": "planet", "subject": "Earth"}, {"subject": "PAY"}),
        '"subject" is missing': ({"scope": "project"},),
        "neither true nor false": ({"void_on_push": 1},),
        "not a date": ({"from": "soon"}, {"from": 5}),
        '"void_on_psuh"': ({"void_on_psuh": True},),
        '"aproved"': ({"required": [{**ana, "aproved": 1}]},),
    }
    for words, bodies in wrong.items():
        for body in bodies:
            for path in ("/api/v1/policies", "/api/v1/policies/simulate"):
                problem = stage.admin.expect(422, "POST", path, body)
                said = "0 to 100 approvals" if body.get("least_approvals") in (101, -1) else words
                assert said in problem["detail"], (body, problem)
    for subject in ({"scope": "project", "subject": "NONE"}, {"scope": "repository", "subject": "acme/none"},
                    {"required": [{"kind": "person", "name": "Nobody at all"}]},
                    {"required": [{"kind": "team", "name": "none"}]}):
        stage.admin.expect(404, "POST", "/api/v1/policies", subject)
    for days in (0, 366, "90", 1.5):
        problem = stage.viewer.expect(422, "POST", "/api/v1/policies/simulate", {"days": days})
        assert "1 to 365" in problem["detail"]
    stage.admin.expect(422, "POST", "/api/v1/policies", b"{")
    stage.admin.expect(413, "POST", "/api/v1/policies", {"branch": "x" * 40000})
    stage.admin.expect(422, "POST", "/api/v1/policies", {"branch": "x" * 1025})
    assert stage.admin.expect(200, "GET", "/api/v1/policies")["items"] == []
    stage.admin.expect(201, "POST", "/api/v1/policies", {"from": "2026-05-01"})
    early = stage.admin.expect(422, "POST", "/api/v1/policies", {"from": "2026-04-01"})
    assert "stays as it was" in early["detail"], early


@staged
def a_simulation_is_the_command_lines_and_fits_the_truth(stage):
    stage.run("team", "add", "security")
    people = stage.editor.expect(200, "GET", "/api/v1/policies/approvers")["people"]
    assert 3 <= len(people) <= 20
    for person in people[:3]:
        stage.run("team", "member", "add", "security", person["name"])
    found = stage.editor.expect(200, "GET", "/api/v1/policies/approvers?search=SECUR")
    assert [(t["name"], t["members"]) for t in found["teams"]] == [("security", 3)] and found["people"] == []
    stage.viewer.expect(403, "GET", "/api/v1/policies/approvers")
    tried = stage.viewer.expect(200, "POST", "/api/v1/policies/simulate", {
        "least_approvals": 2, "void_on_push": True, "days": 180,
        "required": [{"kind": "team", "name": "security"}, {"kind": "person", "id": people[3]["id"]}],
        "required_least": 1})
    assert tried == stage.json("policy", "simulate", "--approvals", "2", "--void-on-push", "--require",
                               "team:security", "--require", people[3]["name"], "--require-least", "1",
                               "--days", "180")
    assert tried["failing"] and all(merge["why"] for merge in tried["failing"])
    assert "1 of the team security" in tried["policy"]["asks"]
    # Beside the sandbox's own count of approvals.
    plain = stage.viewer.expect(200, "POST", "/api/v1/policies/simulate", {"least_approvals": 2, "days": 180})
    now = microseconds(stage.sandbox.truth()["now"])
    merged = {(repository["full_name"], pull["number"]): pull["approvals"]
              for repository in stage.sandbox.truth()["repositories"] for pull in repository["pull_requests"]
              if pull["merged"] is not None and now - 180 * 86400 * 10**6 <= microseconds(pull["merged"]) < now}
    named = {(merge["repository"], merge["number"]) for merge in plain["failing"]}
    assert named and all(merged[key] < 2 for key in named)
    assert len(named) == sum(c["merges"] for c in plain["counts"] if c["then"] == "failed")
    assert plain["merges"] == sum(c["merges"] for c in plain["counts"]) > 50
    # A failing merge that failed before is no change, but would fail.
    stage.admin.expect(201, "POST", "/api/v1/policies", {"least_approvals": 2, "from": "2026-01-01"})
    stricter = stage.viewer.expect(200, "POST", "/api/v1/policies/simulate", {"least_approvals": 2, "days": 180})
    assert {(m["repository"], m["number"]) for m in stricter["failing"]} == named
    assert stricter["changed"] == [] and {m["before"] for m in stricter["failing"]} == {"failed"}


@staged
def editors_propose_and_administrators_decide(stage):
    policy = {"least_approvals": 2, "void_on_push": True}
    wanted = {"do": "set-policy", "policy": policy}
    stage.viewer.expect(403, "POST", "/api/v1/proposals", wanted)
    waiting = stage.editor.expect(202, "POST", "/api/v1/proposals", wanted)
    assert waiting == {"proposal": 1, "summary": "policy for workspace, main branch: 2 approvals; new commits void approvals"}
    for body in ({"do": "fly"}, {"do": "set-policy"}, {"do": "set-policy", "policy": {"least_approvals": 101}},
                 {"do": "end-policy", "policy_id": 1}, {"do": "select", "rules": []},
                 {"do": "set-policy", "policy": {}, "rules": []}):
        stage.editor.expect(422, "POST", "/api/v1/proposals", body)
    listed = stage.viewer.expect(200, "GET", "/api/v1/proposals")
    assert (listed["waiting"], listed["second_person"], len(listed["items"])) == (1, False, 1)
    item = listed["items"][0]
    assert item["change"]["do"] == "set-policy" and item["change"]["policy"]["least_approvals"] == 2
    assert item["change"]["instead_of"] is None
    assert (item["proposed_by"], item["is_own"], item["state"]) == ("eddi@example.com", False, "waiting")
    assert stage.editor.expect(200, "GET", "/api/v1/proposals")["items"][0]["is_own"] is True
    told = stage.json("policy", "proposals")
    assert told == [{key: item[key] for key in told[0]}]
    decision = "/api/v1/proposals/1/decision"
    stage.editor.expect(403, "POST", decision, {"decision": "approve"})
    for body in ({}, {"decision": "maybe"}, {"decision": "approve", "note": 5}, {"decision": "refuse", "reason": "x"}):
        stage.admin.expect(422, "POST", decision, body)
    stage.admin.expect(404, "POST", "/api/v1/proposals/9/decision", {"decision": "approve"})
    done = stage.admin.expect(200, "POST", decision, {"decision": "approve", "note": "as agreed"})
    assert (done["state"], done["decided_by"], done["note"], done["change"]) == (
        "approved", "ada@example.com", "as agreed", None)
    made = stage.viewer.expect(200, "GET", "/api/v1/policies")["items"]
    assert [(p["least_approvals"], p["void_on_push"], p["written_by"]) for p in made] == [
        (2, True, "eddi@example.com, approved by ada@example.com")]
    late = stage.admin.expect(422, "POST", decision, {"decision": "refuse"})
    assert "approved already" in late["detail"]
    workspaces = stage.viewer.expect(200, "GET", "/api/v1/workspaces")["items"]
    assert [one["proposals_waiting"] for one in workspaces] == [0]
    ending = stage.editor.expect(202, "POST", "/api/v1/proposals", {"do": "end-policy", "policy_id": 1,
                                                                     "at": "2030-01-01"})
    assert ending["summary"].startswith("end the policy for workspace"), ending
    assert stage.viewer.expect(200, "GET", "/api/v1/workspaces")["items"][0]["proposals_waiting"] == 1
    stage.editor.expect(202, "POST", "/api/v1/proposals", {"do": "set-policy", "policy": {"least_approvals": 3}})
    changed = stage.viewer.expect(200, "GET", "/api/v1/proposals")["items"][0]["change"]
    assert changed["instead_of"] == "2 approvals; new commits void approvals", changed
    stage.admin.expect(200, "POST", "/api/v1/proposals/3/decision", {"decision": "refuse"})
    stage.admin.expect(200, "POST", "/api/v1/proposals/2/decision", {"decision": "refuse", "note": "not yet"})
    assert stage.viewer.expect(200, "GET", "/api/v1/policies")["items"][0]["ended"] is None
    decided = stage.viewer.expect(200, "GET", "/api/v1/proposals?state=decided")
    assert [(p["proposal"], p["state"], p["note"]) for p in decided["items"]] == [
        (3, "refused", None), (2, "refused", "not yet"), (1, "approved", "as agreed")]
    assert stage.viewer.expect(200, "GET", "/api/v1/proposals?state=waiting")["items"] == []
    stage.viewer.expect(422, "GET", "/api/v1/proposals?state=lost")
    stage.viewer.expect(422, "GET", "/api/v1/proposals?cursor=x")
    assert [act["actor"] for act in stage.acts("proposal.make")] == ["eddi@example.com"] * 3
    assert "note: as agreed" in stage.acts("proposal.approve")[0]["detail"]
    assert stage.acts("proposal.refuse")[0]["subject"] == "2"


@staged
def an_editor_proposes_which_repositories_are_read(stage):
    names = sorted(stage.selected())
    assert len(names) > 2
    rules = [{"kind": "pattern", "name": "*", "include": True},
             {"kind": "repository", "name": names[0], "include": False}]
    stage.editor.expect(403, "PUT", "/api/v1/repositories/selection", {"rules": rules})
    stage.editor.expect(200, "GET", "/api/v1/repositories/selection")
    stage.viewer.expect(403, "GET", "/api/v1/repositories/selection")
    first = stage.editor.expect(202, "POST", "/api/v1/proposals", {"do": "select", "rules": rules})
    assert first["summary"] == f"no longer read 1 repository ({names[0]})", first
    stage.editor.expect(202, "POST", "/api/v1/proposals", {"do": "select", "rules": rules[:1]})
    stage.editor.expect(404, "POST", "/api/v1/proposals", {"do": "select", "rules": [
        {"kind": "repository", "name": "acme/none", "include": True}]})
    items = stage.admin.expect(200, "GET", "/api/v1/proposals")["items"]
    change = items[1]["change"]
    assert (change["do"], change["more"], change["less"], change["less_names"], change["is_outdated"]) == (
        "select", 0, 1, [names[0]], False)
    stage.admin.expect(200, "POST", "/api/v1/proposals/1/decision", {"decision": "approve"})
    assert stage.selected() == set(names[1:])
    # The other was about rules that are no longer those that hold.
    assert stage.admin.expect(200, "GET", "/api/v1/proposals?state=waiting")["items"][0]["change"]["is_outdated"]
    late = stage.admin.expect(422, "POST", "/api/v1/proposals/2/decision", {"decision": "approve"})
    assert "changed since" in late["detail"], late
    assert stage.selected() == set(names[1:])
    stage.admin.expect(200, "POST", "/api/v1/proposals/2/decision", {"decision": "refuse"})


@staged
def where_a_second_person_is_asked_for_nobody_changes_anything_alone(stage):
    switch = "/api/v1/proposals/second-person"
    stage.editor.expect(403, "PUT", switch, {"second_person": True})
    stage.admin.expect(422, "PUT", switch, {"second_person": "yes"})
    assert stage.admin.expect(200, "PUT", switch, {"second_person": True})["second_person"] is True
    before = sorted(stage.selected())
    policy = stage.admin.expect(202, "POST", "/api/v1/policies", {"least_approvals": 2, "from": "2026-02-01"})
    assert stage.viewer.expect(200, "GET", "/api/v1/policies") == {
        "workspace": stage.slug, "second_person": True, "items": []}
    own = f"/api/v1/proposals/{policy['proposal']}/decision"
    refused = stage.admin.expect(422, "POST", own, {"decision": "approve"})
    assert "somebody else" in refused["detail"], refused
    stage.second.expect(200, "POST", own, {"decision": "approve"})
    assert stage.viewer.expect(200, "GET", "/api/v1/policies")["items"][0]["from"] == "2026-02-01T00:00:00Z"
    ending = stage.second.expect(202, "POST", "/api/v1/policies/1/end", {"at": "2026-09-01"})
    stage.admin.expect(200, "POST", f"/api/v1/proposals/{ending['proposal']}/decision", {"decision": "approve"})
    assert stage.viewer.expect(200, "GET", "/api/v1/policies")["items"][0]["ended"] == "2026-09-01T00:00:00Z"
    # The selection and the removal of a connection answer alike.
    rules = {"rules": [{"kind": "repository", "name": before[0], "include": True}]}
    chosen = stage.admin.expect(202, "PUT", "/api/v1/repositories/selection", rules)
    assert sorted(stage.selected()) == before
    stage.second.expect(200, "POST", f"/api/v1/proposals/{chosen['proposal']}/decision", {"decision": "approve"})
    assert stage.selected() == {before[0]}
    # Stopping that is a proposal as well.
    off = stage.admin.expect(202, "PUT", switch, {"second_person": False})
    stage.second.expect(200, "POST", f"/api/v1/proposals/{off['proposal']}/decision", {"decision": "refuse"})
    connection = stage.admin.expect(200, "GET", "/api/v1/connections")["items"][0]["id"]
    removal = stage.admin.expect(202, "DELETE", f"/api/v1/connections/{connection}")
    waiting = stage.second.expect(200, "GET", "/api/v1/proposals?state=waiting")["items"]
    assert [(p["kind"], p["change"]) for p in waiting] == [
        ("connection", {"do": "remove-connection", "connection": "demo", "purge": False})]
    stage.second.expect(204, "POST", f"/api/v1/proposals/{removal['proposal']}/decision", {"decision": "approve"})
    assert stage.admin.expect(200, "GET", "/api/v1/connections")["items"] == []
    stage.admin.expect(404, "GET", "/api/v1/policies")


test.main()
