"""First syncs and cycles beside the sandbox's truth, and what they cost."""
import os
import sys

from sync_support import (Client, Sandbox, Tests, compare_dumps, detail_differences, differences,
                          microseconds, time)

test = Tests(sys.argv)


def check_empty(found, what):
    assert not found, what + ":\n" + "\n".join(found[:20]) + f"\n({len(found)} in all)"


@test
def a_first_sync_equals_the_truth(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        summary = client.run()
        assert summary["complete"] and summary["failed"] == 0, summary
        check_empty(client.problems(), "problems")
        check_empty(differences(client, sandbox.truth()), "differences")
    finally:
        sandbox.stop()


@test
def a_second_run_changes_no_row_and_costs_at_most_two_requests_a_repository(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run()
        before = client.dump()
        summary = client.run()
        check_empty(compare_dumps(before, client.dump()), "changed rows")
        assert summary["pull_requests_changed"] == summary["events_changed"] == 0, summary
        assert summary["quiet"] == summary["repositories"], summary
        assert summary["requests"] <= 2 * summary["repositories"], summary
    finally:
        sandbox.stop()


@test
def one_quiet_repository_alone_costs_at_most_two_requests(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        name = sandbox.ready["repositories"][0]["full_name"]
        client = Client(programs, sandbox, os.path.join(folder, "client"), ["--repository", name])
        client.run()
        assert client.run()["requests"] <= 2
    finally:
        sandbox.stop()


@test
def a_cycle_after_a_week_brings_exactly_what_changed(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run()
        before = sandbox.truth()
        sandbox.advance(days=7)
        after = sandbox.truth()
        summary = client.run()
        new = count(after, len) - count(before, len)
        events = count(after, count_events) - count(before, count_events)
        assert summary["pull_requests"] == new > 0, (summary, new)
        assert summary["events"] == events > 0, (summary, events)
        check_empty(differences(client, after, fresh=False), "differences")
        again = client.run()
        assert again["pull_requests"] == again["pull_requests_changed"] == 0, again
        assert again["events"] == again["events_changed"] == 0, again
    finally:
        sandbox.stop()


@test
def a_first_sync_over_the_api_alone_equals_the_truth(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"), git=False)
        assert client.run()["complete"]
        check_empty(differences(client, sandbox.truth()), "differences")
    finally:
        sandbox.stop()


@test
def every_kind_of_credential_brings_the_same_rows(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        name = sandbox.ready["repositories"][0]["full_name"]
        expected = None
        for token in ("workspace", "project", "repository", "api", "oauth"):
            client = Client(programs, sandbox, os.path.join(folder, token),
                            ["--repository", name, "--token", token])
            assert client.run()["complete"], token
            check_empty(client.problems(), token)
            rows = client.dump("connection")
            expected = expected or rows
            check_empty(compare_dumps(expected, rows), token)
    finally:
        sandbox.stop()


@test
def within_a_horizon_every_pull_request_has_its_whole_story(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        horizon = microseconds(sandbox.ready["now"]) - 90 * 86400 * 1000000
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(horizon // 1000000))
        client = Client(programs, sandbox, os.path.join(folder, "client"), ["--horizon", text])
        summary = client.run()
        truth = sandbox.truth()
        for repository in truth["repositories"]:
            repository["pull_requests"] = [
                pull for pull in repository["pull_requests"]
                if pull["state"] == "OPEN"  # however long ago it was last touched
                or max(microseconds(event["at"]) for event in pull["events"]) >= horizon]
        assert 0 < summary["pull_requests"] < 500, summary
        assert client.query("SELECT COUNT(*) FROM pull_request WHERE created_at < ?", horizon)[0][0]
        check_empty(differences(client, truth), "differences")
        assert client.run()["requests"] <= 2 * summary["repositories"]
        # Everything, later: the same as if it had been asked for at once.
        client.arguments = client.arguments[2:]
        client.run()
        check_empty(differences(client, sandbox.truth()), "differences")
    finally:
        sandbox.stop()


@test
def an_approval_that_was_taken_back_is_noticed_within_a_day(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run()
        approved = ("SELECT r.slug, p.number, i.value FROM pr_participant p"
                    " JOIN pull_request q USING (workspace_id, repository_id, number)"
                    " JOIN repository r USING (workspace_id, repository_id)"
                    " JOIN identity i ON i.person_id = p.person_id AND i.kind = 'uuid'"
                    " WHERE q.state = 'OPEN' AND p.state = 'approved' ORDER BY 1, 2, 3")
        slug, number, person = client.query(approved)[0]
        sandbox.control("POST", "activity", {"repository": slug, "number": number,
                                             "kind": "approval-withdrawn", "person": person})
        client.run()
        assert (slug, number, person) in client.query(approved)  # nothing tells of it
        sandbox.advance(days=1)
        client.run()
        assert (slug, number, person) not in client.query(approved)
    finally:
        sandbox.stop()


@test
def a_token_without_the_scope_pipeline_reads_everything_else_and_a_note_says_so(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        scopes = ["account", "project", "repository", "pullrequest"]
        sandbox.control("POST", "token", {"name": "workspace", "scopes": scopes})
        summary = client.run()
        assert summary["complete"] and summary["failed"] == 0 and summary["notes"] > 0, summary
        truth = sandbox.truth()
        check_empty(differences(client, truth), "differences")
        notes = client.query("SELECT stage, code, is_note, repository_id FROM sync_problem")
        assert notes == [("delivery", "scope-missing", 1, 0)], notes
        assert client.query("SELECT state FROM connection") == [("ok",)]
        assert client.query("SELECT COUNT(*) FROM deployment") == [(0,)]
        sandbox.advance(days=1)
        summary = client.run()
        assert summary["notes"] == 0 and summary["failed"] == 0, summary
        # The scope comes, and a week later the note goes.
        sandbox.control("POST", "token", {"name": "workspace", "scopes": scopes + ["pipeline"]})
        sandbox.advance(days=7)
        client.run()
        check_empty(client.problems(), "problems")
        check_empty(detail_differences(client, sandbox.truth())[0], "differences of details")
    finally:
        sandbox.stop()


@test
def the_medium_company_costs_at_most_thirty_requests_per_hundred_pull_requests(programs, folder):
    sandbox = Sandbox(programs, folder, size="medium")
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run("--connect")
        summary = client.run()
        assert summary["complete"] and summary["failed"] == 0, summary
        needed = summary["requests"] - summary["detail_requests"]
        ratio = needed / summary["pull_requests"]
        with_details = summary["requests"] / summary["pull_requests"]
        print(f"# {summary['pull_requests']} pull requests, {needed} requests: {ratio:.3f} each; "
              f"{summary['requests']} with builds, tasks, threads and deployments: "
              f"{with_details:.3f} each; {summary['took_us'] / 1e6:.1f} s")
        assert ratio <= 0.30, summary
        assert with_details <= 0.50, summary
        truth = sandbox.truth()
        check_empty(differences(client, truth), "differences")
        check_empty(detail_differences(client, truth)[0], "differences of details")
    finally:
        sandbox.stop()


def count(truth, measure):
    return sum(measure(repository["pull_requests"]) for repository in truth["repositories"])


def count_events(pull_requests):
    return sum(len(pull["events"]) for pull in pull_requests)


test.main()
