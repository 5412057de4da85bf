"""First syncs and cycles beside the sandbox's truth, and what they cost."""
import os
import sys

from sync_support import Client, Sandbox, Tests, compare_dumps, differences

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
def the_medium_company_costs_at_most_thirty_requests_per_hundred_pull_requests(programs, folder):
    sandbox = Sandbox(programs, folder, size="medium")
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run("--connect")
        summary = client.run()
        assert summary["complete"] and summary["failed"] == 0, summary
        ratio = summary["requests"] / summary["pull_requests"]
        print(f"# {summary['pull_requests']} pull requests, {summary['requests']} requests: "
              f"{ratio:.3f} each, {summary['took_us'] / 1e6:.1f} s")
        assert ratio <= 0.30, summary
        check_empty(differences(client, sandbox.truth()), "differences")
    finally:
        sandbox.stop()


def count(truth, measure):
    return sum(measure(repository["pull_requests"]) for repository in truth["repositories"])


def count_events(pull_requests):
    return sum(len(pull["events"]) for pull in pull_requests)


test.main()
