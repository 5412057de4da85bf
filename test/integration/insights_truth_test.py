"""The program on companies of which the sandbox knows what is wrong: the insights are exactly what
was planted, no more and no less, at the epoch and a week later."""
import json
import sys
from collections import Counter

from cli_support import Program
from sync_support import Sandbox, Tests

test = Tests(sys.argv)
SEEDS = (1, 2, 3, 4, 5)

# About the client's own connection and its sync: the sandbox plants nothing of the kind. The token
# used is one that nothing is wrong with; that it never expires is for the tests of those rules.
OWN = {"token-expires", "scope-missing", "scope-excess", "not-synchronised"}
# Findings that are about a person, not only near to one.
ABOUT_PEOPLE = {"author-overloaded", "reviewer-overloaded", "direct-push", "knowledge-single"}


def planted(truth):
    return Counter((finding["rule"], finding["repository"], finding["number"],
                    finding["person"] if finding["rule"] in ABOUT_PEOPLE else None,
                    finding["subject"]) for finding in truth["findings"])


def found(program, truth):
    """What the program lists, in the truth's words: people by uuid."""
    uuids = {person["display_name"]: person["uuid"] for person in truth["people"]}
    assert len(uuids) == len(truth["people"])
    listed = json.loads(program.succeed("insights", "list", "--format", "json"))["findings"]
    return Counter((finding["rule"],
                    finding["repository"] and finding["repository"]["name"],
                    finding["number"],
                    uuids[finding["person"]["name"]] if finding["rule"] in ABOUT_PEOPLE else None,
                    finding["subject"]) for finding in listed if finding["rule"] not in OWN)


def compare(program, sandbox, when):
    truth = sandbox.truth()
    expected, seen = planted(truth), found(program, truth)
    missed, false = sorted((expected - seen).items(), key=str), sorted((seen - expected).items(),
                                                                       key=str)
    assert not missed and not false, "\n".join(
        [when, *(f"missed: {finding}" for finding in missed),
         *(f"false alarm: {finding}" for finding in false)])
    assert max(expected.values()) == 1, "one condition is one finding"
    return expected


def enter_policies(program, policies):
    for policy in policies:
        arguments = ["policy", "set", "--branch", policy["branch"], "--approvals",
                     str(policy["approvals"]), "--from", policy["from"][:10], "--as", "test"]
        if policy["repository"] is not None:
            arguments += ["--repository", policy["repository"]]
        for uuid in policy["required"]:
            arguments += ["--require", uuid]
        if policy["required"]:
            arguments += ["--require-least", str(policy["required_count"])]
        for option in ("void_on_push", "author_counts"):
            if policy[option]:
                arguments.append("--" + option.replace("_", "-"))
        if policy["builds"]:
            arguments.append("--builds-must-pass")
        program.succeed(*arguments)


def is_exact(programs, folder, seed):
    sandbox = Sandbox(programs, folder, size=None, seed=seed, arguments=["--pathologies"])
    program = Program(programs, sandbox, folder)
    try:
        program.succeed("connect", "--workspace", "acme", "--api-base", program.api, "--git-base",
                        sandbox.ready["git_base"], "--token-file", program.token_file("workspace"))
        program.succeed("sync", "--quiet", "--unlimited")
        enter_policies(program, sandbox.truth()["policies"])
        program.succeed("insights", "set", "no-issue-key", "on")
        first = compare(program, sandbox, "at the epoch")
        sandbox.advance(days=7)
        program.succeed("sync", "--quiet", "--unlimited")
        then = compare(program, sandbox, "a week later")
        assert first - then and then - first, "some are over, some have come"
    finally:
        sandbox.stop()


for number in SEEDS:
    def case(programs, folder, seed=number):
        is_exact(programs, folder, seed)
    case.__name__ = f"insights_are_what_was_planted_with_seed_{number}"
    test(case)


if __name__ == "__main__":
    test.main()
