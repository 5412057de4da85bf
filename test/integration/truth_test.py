"""Facts beside the sandbox's truth, to the microsecond: what the generator knows and what Plumbline
makes of what Bitbucket tells."""
import os
import subprocess

from delivery_support import check_judgements, check_releases
from sync_support import Client, Sandbox, Tests, detail_differences, microseconds

import sys

test = Tests(sys.argv)
REFRESH = os.environ["TRUTH_REFRESH"]

INSTANTS = {"opened": "opened_at", "ready": "ready_at", "first_commit": "first_commit_at",
            "first_review": "first_review_at", "first_bot_review": "first_bot_review_at",
            "approved": "approved_at", "merged": "merged_at", "declined": "declined_at"}
COUNTS = ["rounds", "pushes", "review_comments", "author_comments", "bot_comments", "approvals",
          "reviewers", "lines_added", "lines_removed", "files_changed", "generated_lines"]
FLAGS = {"unreviewed": "is_unreviewed", "self_merged": "is_self_merged",
         "late_change": "is_late_change"}


def refresh(client):
    """How many facts were computed."""
    done = subprocess.run([REFRESH, client.data], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def facts_of(client):
    """{(full name, number): {column: value}}"""
    columns = ["state", "is_draft", "definition", "is_merged_estimated", "author_is_bot", "commits",
               *INSTANTS.values(), *COUNTS, *FLAGS.values()]
    rows = client.query(f"SELECT full_name, number, {', '.join('f.' + c for c in columns)} FROM"
                        " fact_pr f JOIN repository USING (workspace_id, repository_id)")
    return {row[:2]: dict(zip(columns, row[2:])) for row in rows}


def reviews_of(client):
    """{(full name, number): {uuid: (asked, responded, is_bot)}}; those who were asked."""
    found = {}
    for name, number, uuid, *rest in client.query(
            "SELECT full_name, number, value, asked_at, responded_at, reviewer_is_bot FROM"
            " fact_review v JOIN repository USING (workspace_id, repository_id) JOIN identity i ON"
            " i.workspace_id = v.workspace_id AND i.person_id = v.reviewer_id AND i.kind = 'uuid'"):
        found.setdefault((name, number), {})[uuid] = rest
    return found


def fact_differences(fact, true):
    for key, column in INSTANTS.items():
        if fact[column] != microseconds(true[key]):
            yield f"{key} is {fact[column]}, not {microseconds(true[key])} ({true[key]})"
    for key in COUNTS:
        if fact[key] != true[key]:
            yield f"{key} is {fact[key]}, not {true[key]}"
    for key, column in FLAGS.items():
        if bool(fact[column]) != true[key]:
            yield f"{key} is {bool(fact[column])}, not {true[key]}"
    if (fact["state"], bool(fact["is_draft"])) != (true["state"], true["draft"]):
        yield f"state is {fact['state']}, draft {fact['is_draft']}"
    if fact["commits"] != len(true["commits"]):
        yield f"commits are {fact['commits']}, not {len(true['commits'])}"
    if fact["is_merged_estimated"]:
        yield "the merge is estimated although the feed tells it"


def asked_differences(reviews, true, is_bot):
    asked = {entry["reviewer"]: entry for entry in true["asked"]}
    for uuid, entry in asked.items():
        if entry["asked"] is None:
            continue  # an open draft asks nobody yet
        mine = reviews.get(uuid)
        if mine is None:
            yield f"{uuid} was asked, and is missing"
        elif mine[:2] != [microseconds(entry["asked"]), microseconds(entry["responded"])] and \
                not is_bot[uuid]:
            yield f"{uuid} was asked {entry['asked']}, responded {entry['responded']}, not {mine}"
    for uuid, mine in reviews.items():
        if mine[0] is not None and uuid not in asked:
            yield f"{uuid} was not asked"


def differences(client, truth):
    """Sentences about what the facts have otherwise than the truth; and how many were compared."""
    facts, reviews, found, seen = facts_of(client), reviews_of(client), [], 0
    is_bot = {person["uuid"]: person["is_bot"] for person in truth["people"]}
    for repository in truth["repositories"]:
        for true in repository["pull_requests"]:
            key = (repository["full_name"], true["number"])
            seen += 1
            if key not in facts:
                found.append(f"{key}: no facts")
                continue
            if true["author"] is not None and \
                    bool(facts[key]["author_is_bot"]) != is_bot[true["author"]]:
                found.append(f"{key}: the author is judged wrongly")
            found += [f"{key}: {text}" for text in fact_differences(facts[key], true)]
            found += [f"{key}: {text}" for text in
                      asked_differences(reviews.get(key, {}), true, is_bot)]
    if len(facts) != seen:
        found.append(f"{len(facts)} facts, not {seen}")
    return found, seen


def check(client, sandbox):
    found, seen = differences(client, sandbox.truth())
    assert not found, "\n".join(found[:25]) + f"\n({len(found)} in all, {seen} pull requests)"
    assert seen >= 400, seen
    print(f"# {seen} pull requests, every instant and count equal", flush=True)


def check_details(client, truth):
    """What is read last: builds, tasks, threads, deployments."""
    found, compared = detail_differences(client, truth)
    assert not found, "\n".join(found[:25]) + f"\n({len(found)} in all)"
    assert all(compared.values()), compared
    print("# " + ", ".join(f"{n} {what}" for what, n in compared.items()) + " equal", flush=True)


def check_deliveries(client, sandbox, truth):
    releases = check_releases(client.query, sandbox, truth)
    judgements = check_judgements(client.query, sandbox, truth)
    print(f"# {releases} releases, {judgements} judged deployments equal", flush=True)


def people_are_told_apart(client, truth):
    """Every bot of the truth that the store has seen, and no person, is judged a bot."""
    is_bot = {person["uuid"]: person["is_bot"] for person in truth["people"]}
    for uuid, judged, name in client.query(
            "SELECT value, is_bot, display_name FROM person JOIN identity USING (workspace_id,"
            " person_id) WHERE identity.kind = 'uuid'"):
        assert bool(judged) == is_bot[uuid], f"{name} is judged {'a bot' if judged else 'a person'}"


def facts_equal_the_truth(programs, folder, seed):
    sandbox = Sandbox(programs, folder, seed=seed)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run()
        assert refresh(client) > 0
        check(client, sandbox)
        truth = sandbox.truth()
        check_details(client, truth)
        check_deliveries(client, sandbox, truth)
        people_are_told_apart(client, truth)
        assert refresh(client) == 0
    finally:
        sandbox.stop()


@test
def facts_equal_the_truth_for_seed_7(programs, folder):
    facts_equal_the_truth(programs, folder, 7)


@test
def facts_equal_the_truth_for_seed_20(programs, folder):
    facts_equal_the_truth(programs, folder, 20)


@test
def facts_equal_the_truth_for_seed_1234(programs, folder):
    facts_equal_the_truth(programs, folder, 1234)


@test
def facts_still_equal_the_truth_after_two_weeks(programs, folder):
    sandbox = Sandbox(programs, folder, seed=3)
    try:
        client = Client(programs, sandbox, os.path.join(folder, "client"))
        client.run()
        before = refresh(client)
        for _ in range(2):
            sandbox.advance(days=7)
            client.run()
            assert 0 < refresh(client) < before
            check(client, sandbox)
            check_details(client, sandbox.truth())
            check_deliveries(client, sandbox, sandbox.truth())
    finally:
        sandbox.stop()


test.main()
