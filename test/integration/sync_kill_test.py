"""SIGKILL at random instants of first syncs under faults: the rows of an undisturbed run remain."""
import os
import random
import sys
import time

from sync_support import Client, Sandbox, Tests, compare_dumps, differences, kill_hard

test = Tests(sys.argv)
KILLS = 100
SEED = 20261123


def set_faults(sandbox):
    """What a first sync meets on a bad day; each strikes a few requests in a hundred."""
    for name, options in (("server-error", {"status": 503}), ("connection-reset", {}),
                          ("truncated-json", {}), ("html-502", {}), ("empty-page", {}),
                          ("repeated-page", {}), ("timeout-555", {})):
        sandbox.fault(name, probability=0.02, seed=SEED, **options)


def killed_first_sync(client, chance, longest, kills_left):
    """Starts the driver again and again until it ends by itself; how often it was killed."""
    kills = 0
    while kills < kills_left:
        process = client.start()
        deadline = time.monotonic() + chance.uniform(0.005, longest)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        if process.poll() is not None:
            process.communicate()
            return kills
        kill_hard(process)
        kills += 1
    return kills


@test
def a_hundred_kills_lose_and_double_no_row(programs, folder):
    sandbox = Sandbox(programs, folder)
    try:
        calm = Client(programs, sandbox, os.path.join(folder, "calm"))
        started = time.monotonic()
        calm.run()
        took = time.monotonic() - started
        expected = calm.dump("quarantine")
        found = differences(calm, sandbox.truth())
        assert not found, found[:10]

        chance = random.Random(SEED)
        client = Client(programs, sandbox, os.path.join(folder, "killed"))
        kills, rounds = 0, 0
        while kills < KILLS:
            client.wipe()
            set_faults(sandbox)
            kills += killed_first_sync(client, chance, took * 0.25, KILLS - kills)
            rounds += 1
            sandbox.clear_faults()
            # The git of the process killed last may still be dying while this one starts: what that
            # spoils is told as a problem and comes with the next run.
            for _ in range(3):
                summary = client.run()
                if summary["failed"] == 0 and summary["complete"]:
                    break
            assert summary["failed"] == 0 and summary["complete"], (summary, client.problems())
            found = compare_dumps(expected, client.dump("quarantine"))
            assert not found, "\n".join(found)
            assert not client.problems(), client.problems()
        print(f"# {kills} kills in {rounds} first syncs; undisturbed {took:.1f} s, seed {SEED}")
        found = differences(client, sandbox.truth())
        assert not found, found[:10]
    finally:
        sandbox.stop()


test.main()
