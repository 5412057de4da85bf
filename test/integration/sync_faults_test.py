"""Every fault of the sandbox, during a first sync: once it is over, the store is as if it had not
been. What the administrator reads meanwhile is looked at, too."""
import os
import re
import sys

from sync_support import Client, Sandbox, Tests, compare_dumps

test = Tests(sys.argv)

# name, options, stage and code of a problem that is to be seen while it lasts (None: none is)
PASSING = [
    ("unauthorized-activity", {}, ("activity", "forbidden")),
    ("forbidden", {"path": "*/pullrequests"}, ("pull-requests", "forbidden")),
    ("detail-object", {"path": "*/pullrequests", "status": 403}, ("pull-requests", "forbidden")),
    ("not-found", {"path": "*/pullrequests/activity"}, ("activity", "not-found")),
    ("gone", {"path": "*/pullrequests/activity"}, ("activity", "gone")),
    ("rate-limit", {"retry_after": "seconds", "seconds": 1, "nth": 5, "count": 3}, None),
    ("rate-limit", {"retry_after": "date", "seconds": 1, "nth": 5, "count": 1}, None),
    ("rate-limit", {"retry_after": "reset", "seconds": 1, "nth": 5, "count": 1}, None),
    ("server-error", {"nth": 6, "count": 2}, None),
    ("server-error-sorted", {}, None),
    ("timeout-555", {}, ("details", "not-computable")),
    ("redirect-elsewhere", {"path": "*/pullrequests/activity"}, ("activity", "foreign-host")),
    ("html-502", {"nth": 4, "count": 2}, None),
    ("next-elsewhere", {"path": "*/pullrequests/activity"}, ("activity", "foreign-host")),
    ("next-loop", {"path": "*/pullrequests/activity"}, ("activity", "paging-loop")),
    ("repeated-page", {}, None),
    ("empty-page", {}, None),
    ("huge-comment", {"path": "*/activity", "count": 3}, None),
    ("unknown-activity", {}, None),
    ("truncated-json", {"nth": 4, "count": 2}, None),
    ("slow-body", {"nth": 4, "count": 2}, None),
    ("connection-reset", {"nth": 4, "count": 2}, None),
    ("clock-jump", {"nth": 3, "count": 5}, None),
]


def scene(programs, folder):
    """A sandbox, one of its repositories, and the rows of a sync that nothing disturbs."""
    sandbox = Sandbox(programs, folder)
    name = sandbox.ready["repositories"][0]["full_name"]
    calm = Client(programs, sandbox, os.path.join(folder, "calm"), ["--repository", name])
    calm.run()
    return sandbox, name, calm


def check_same(calm, client, without=""):
    """The same rows; @without: what may differ in them, a pattern."""
    mine, theirs = ([re.sub(without, "", line) if without else line
                     for line in side.dump("quarantine", "connection")]
                    for side in (calm, client))
    found = compare_dumps(mine, theirs)
    assert not found, "\n".join(found)
    assert not client.problems(), client.problems()


def heals(fault, options, problem):
    # A huge text is what the server said, and nothing moves when it says less later.
    without = r"comment_length=\d+" if fault == "huge-comment" else ""

    def check(programs, folder):
        sandbox, name, calm = scene(programs, folder)
        try:
            client = Client(programs, sandbox, os.path.join(folder, "client"),
                            ["--repository", name])
            client.run("--connect")
            sandbox.fault(fault, **options)
            status, summary, message = client.try_run()
            assert status == 0, message
            if problem is not None:
                seen = [row[:2] for row in client.problems()]
                assert problem in seen, (problem, client.problems())
            else:
                assert not client.problems(), client.problems()
                check_same(calm, client, without)
            struck = sum(rule.get("struck", 0) for rule in sandbox.faults())
            assert struck > 0, "the fault never struck"
            sandbox.clear_faults()
            client.run()
            check_same(calm, client, without)
        finally:
            sandbox.stop()

    check.__name__ = "after_" + fault.replace("-", "_") + "".join(
        f"_{value}" for key, value in options.items() if key in ("retry_after",)) + \
        "_the_rows_are_the_same"
    return check


for passing in PASSING:
    test(heals(*passing))


@test
def a_token_that_expires_ends_the_run_and_the_new_one_goes_on(programs, folder):
    sandbox, name, calm = scene(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"), ["--repository", name])
        client.run("--connect")
        sandbox.fault("token-expires", nth=5, count=1)
        status, _, message = client.try_run()
        assert status == 3 and message.startswith("credential-rejected"), (status, message)
        assert client.query("SELECT state FROM connection") == [("rejected",)]
        sandbox.clear_faults()
        sandbox.control("POST", "token", {"name": "workspace", "expires": None})
        client.run()
        assert client.query("SELECT state FROM connection") == [("ok",)]
        check_same(calm, client)
    finally:
        sandbox.stop()


@test
def one_forbidden_repository_does_not_hold_up_the_others(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        slug = sandbox.ready["repositories"][0]["slug"]
        calm = Client(programs, sandbox, os.path.join(folder, "calm"))
        calm.run()
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run("--connect")
        sandbox.fault("forbidden", repository=slug)
        sandbox.fault("forbidden", repository=slug, path="/2.0/repositories/*")
        summary = client.run()
        assert summary["failed"] == 1 and summary["repositories"] > 1, summary
        assert not summary["complete"]
        assert any("403" in row[2] or slug in row[2] for row in client.problems())
        sandbox.clear_faults()
        assert client.run()["failed"] == 0
        check_same(calm, client)
    finally:
        sandbox.stop()


@test
def a_repository_that_vanishes_is_kept_and_marked(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        full_name = sandbox.ready["repositories"][0]["full_name"]
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run()
        rows = client.query("SELECT COUNT(*) FROM pull_request")
        sandbox.control("POST", "delete-repository", {"repository": full_name})
        summary = client.run()
        assert summary["failed"] == 1, summary
        assert client.query("SELECT full_name FROM repository WHERE state = 'vanished'") == \
            [(full_name,)]
        assert client.query("SELECT COUNT(*) FROM pull_request") == rows
    finally:
        sandbox.stop()


@test
def a_rename_in_the_middle_of_a_first_sync_is_followed(programs, folder):
    sandbox, name, calm = scene(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run("--connect")
        sandbox.fault("rename", path="*/pullrequests/activity", nth=2, count=1,
                      slug="renamed")
        client.run()
        sandbox.clear_faults()
        client.run()
        assert client.query("SELECT COUNT(*) FROM repository WHERE slug = 'renamed'") == [(1,)]
        numbers = "SELECT COUNT(*) FROM {} WHERE repository_id = " \
                  "(SELECT repository_id FROM repository WHERE full_name = ?)"
        renamed = client.query("SELECT full_name FROM repository WHERE slug = 'renamed'")[0][0]
        full = Client(programs, sandbox, os.path.join(folder, "full"))
        full.run()
        for table in ("pull_request", "pr_event", "pr_commit", "pr_file"):
            assert client.query(numbers.format(table), renamed) == \
                full.query(numbers.format(table), renamed), table
        assert not client.problems(), client.problems()
    finally:
        sandbox.stop()


@test
def what_unknown_states_had_spoilt_is_right_after_a_week(programs, folder):
    sandbox, name, _ = scene(programs, folder)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"), ["--repository", name])
        client.run("--connect")
        sandbox.fault("unknown-enum")
        sandbox.fault("deleted-fork")
        client.run()
        assert client.query("SELECT COUNT(*) FROM pull_request WHERE state = 'UNKNOWN'")[0][0] > 0
        sandbox.clear_faults()
        sandbox.advance(days=8)
        client.run()
        assert client.query("SELECT COUNT(*) FROM pull_request WHERE state = 'UNKNOWN'")[0][0] == 0
        later = Client(programs, sandbox, os.path.join(folder, "later"), ["--repository", name])
        later.run()
        columns = "number, state, source_repository_uuid, closed_by_id IS NULL"
        sql = f"SELECT {columns} FROM pull_request ORDER BY number"
        assert client.query(sql) == later.query(sql)
    finally:
        sandbox.stop()


test.main()
