"""Disconnecting: what stays, what goes with a purge, and that it is ended after a kill."""
import sys
import time

from sync_support import Tests
from web_connect_support import LIST, Scene
from web_support import Server, invited

test = Tests(sys.argv)


def read_two(scene):
    """A connection of one repository, and one of the whole workspace that sees it, too."""
    one = scene.ask(201, "POST", LIST, scene.credential("repository", name="one"))
    scene.wait_until_read(one["id"])
    everything = scene.connect()
    scene.wait_until_read(everything["id"])
    return one, everything


def connections(scene):
    return {item["name"]: item for item in scene.ask(200, "GET", LIST)["items"]}


def wait_until_purged(scene, seconds=60):
    deadline = time.monotonic() + seconds
    while scene.query("SELECT COUNT(*) FROM setting WHERE key = 'purge.pending'") != [(0,)]:
        assert time.monotonic() < deadline, "the purge does not end"
        time.sleep(0.1)


@test
def without_a_purge_everything_stays(programs, folder):
    with Scene(programs, folder) as scene:
        connection = scene.connect()
        scene.wait_until_read(connection["id"])
        before = scene.query("SELECT COUNT(*) FROM pull_request")
        told = connections(scene)["demo"]["purge"]
        assert told["pull_requests"] == before[0][0] > 100 and told["kept_repositories"] == 0, told
        scene.ask(204, "DELETE", f"{LIST}/{connection['id']}")
        assert scene.query("SELECT COUNT(*) FROM pull_request") == before
        assert scene.ask(200, "GET", LIST)["items"] == []


@test
def a_purge_leaves_what_another_connection_sees_and_the_log(programs, folder):
    with Scene(programs, folder) as scene:
        one, everything = read_two(scene)
        mine = scene.query("SELECT repository_id FROM repository WHERE full_name = ?", scene.repository)[0][0]
        audit = scene.query("SELECT * FROM merge_audit ORDER BY seq")
        told = connections(scene)["demo"]["purge"]
        counted = scene.query("SELECT COUNT(DISTINCT repository_id), COUNT(*) FROM pull_request WHERE repository_id <> ?",
                              mine)[0]
        assert (told["kept_repositories"], told["pull_requests"]) == (1, counted[1]), (told, counted)
        assert told["audit_rows"] == len([row for row in audit if row[3] != mine]) > 0
        problem = scene.ask(422, "DELETE", f"{LIST}/{everything['id']}", {"purge": "yes"})
        assert "purge" in problem["detail"], problem
        scene.ask(204, "DELETE", f"{LIST}/{everything['id']}", {"purge": True})
        wait_until_purged(scene)
        tables = [row[0] for row in scene.query(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'repository_id'")]
        assert len(tables) > 25, tables
        for table in tables:
            # 0 stands for the workspace
            left = {row[0] for row in scene.query(f"SELECT DISTINCT repository_id FROM {table}")} - {0, None}
            if table == "merge_audit":
                assert left > {mine}
            elif table not in ("finding_evidence", "finding"):
                assert left <= {mine}, (table, left)
        assert scene.query("SELECT * FROM merge_audit ORDER BY seq")[:len(audit)] == audit
        assert scene.query("SELECT COUNT(*) FROM pull_request")[0][0] > 0
        nobody = scene.query(
            "SELECT person_id FROM person WHERE person_id NOT IN (SELECT author_id FROM pull_request UNION SELECT"
            " person_id FROM pr_participant UNION SELECT author_id FROM git_commit UNION SELECT actor_id FROM pr_event"
            " UNION SELECT closed_by_id FROM pull_request WHERE closed_by_id IS NOT NULL UNION SELECT subject_id"
            " FROM pr_event WHERE subject_id IS NOT NULL UNION SELECT creator_id FROM pr_task UNION SELECT resolver_id"
            " FROM pr_task WHERE resolver_id IS NOT NULL UNION SELECT author_id FROM branch)")
        assert nobody == [], nobody
        act = scene.ask(200, "GET", "/api/v1/acts")["items"][0]
        assert act["act"] == "connection.purge" and str(counted[1]) in act["detail"], act
        assert list(connections(scene)) == ["one"]
        # What is left is still read, and the numbers are those of the one repository.
        scene.admin.expect(202, "POST", "/api/v1/sync")
        repositories = scene.ask(200, "GET", "/api/v1/repositories")["items"]
        assert [item["full_name"] for item in repositories] == [scene.repository], repositories


@test
def a_purge_that_is_killed_is_ended_at_the_next_start(programs, folder):
    with Scene(programs, folder) as scene:
        connection = scene.connect()
        scene.wait_until_read(connection["id"])
        scene.ask(204, "DELETE", f"{LIST}/{connection['id']}", {"purge": True})
        scene.server.process.kill()
        scene.server.process.wait(30)
        scene.server.__exit__()
        scene.server = Server(programs.driver, folder, "--api-base", scene.sandbox.ready["api_base"], "--no-git")
        wait_until_purged(scene)
        for table in ("repository", "pull_request", "pr_event", "git_commit", "fact_pr", "fact_review", "finding",
                      "finding_event", "person", "identity", "project", "connection", "repository_sighting", "budget"):
            # Those who put policies and teams together would stay; here nobody did.
            assert scene.query(f"SELECT COUNT(*) FROM {table}") == [(0,)], table


@test
def a_second_person_is_asked_where_the_workspace_wants_it(programs, folder):
    with Scene(programs, folder) as scene:
        connection = scene.connect()
        scene.wait_until_read(connection["id"])
        before = scene.query("SELECT COUNT(*) FROM pull_request")
        scene.admin.expect(200, "PUT", "/api/v1/proposals/second-person", {"second_person": True})
        answer = scene.ask(202, "DELETE", f"{LIST}/{connection['id']}", {"purge": True})
        assert "what only it brought" in answer["summary"], answer
        assert scene.query("SELECT COUNT(*) FROM pull_request") == before
        assert list(connections(scene)) == ["demo"]
        body = scene.query("SELECT body FROM proposal")[0][0]
        assert '"purge":true' in body.replace(" ", ""), body
        second, _ = invited(scene.server, scene.admin, "second@example.com", "admin")
        decision = f"/api/v1/proposals/{answer['proposal']}/decision"
        scene.ask(422, "POST", decision, {"decision": "approve"})  # not who proposed it
        scene.ask(204, "POST", decision, {"decision": "approve"}, second)
        wait_until_purged(scene)
        assert scene.query("SELECT COUNT(*) FROM pull_request") == [(0,)]


if __name__ == "__main__":
    test.main()
