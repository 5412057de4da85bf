#!/usr/bin/env python3
"""scripts/demo as somebody runs it: it answers, lets sign in, and leaves nothing running. usage: demo_test.py DEMO SANDBOX PLUMBLINE"""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

from sync_support import Tests

test = Tests(sys.argv)
EMAIL = "admin@demo.example"


class Demo:
    """The script in a session of its own, as a terminal's shell has it, but without a terminal."""

    def __init__(self, programs, folder, **environment):
        self.folder = os.path.join(folder, "demo")
        script, sandbox, plumbline = programs.sandbox, programs.driver, programs.dump
        settings = {"DEMO_FOLDER": self.folder, "DEMO_PORT": "0", "SANDBOX": sandbox, "PLUMBLINE": plumbline, **environment}
        self.process = subprocess.Popen([script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        start_new_session=True, env={**os.environ, **settings})
        self.text = ""

    def read_until(self, mark):
        for line in self.process.stdout:
            self.text += line
            if mark in line:
                return
        raise AssertionError(f"no {mark!r} in: {self.text}")

    def value(self, name):
        return re.search(rf"^  {name}\s+(\S+)$", self.text, re.MULTILINE).group(1)

    def descendants(self):
        return {pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.folder in command_of(pid)}

    def end(self, number):
        self.process.send_signal(number)
        self.text += self.process.stdout.read()
        return self.process.wait(60)


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read()
    except OSError:
        return ""  # it has ended


def is_listening(origin):
    host, port = origin.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def ask(origin, method, path, body=None, **headers):
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=30)
    if body is not None:
        headers["content-type"] = "application/json"
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status in (200, 201), (path, answer.status, content)
    return answer, json.loads(content)


def signed_in(demo):
    origin = demo.value("address")
    answer, account = ask(origin, "POST", "/api/v1/session", {"email": EMAIL, "password": demo.value("password")})
    assert account["role"] == "admin", account
    return origin, {"cookie": answer.getheader("set-cookie").split(";")[0]}


def gone(pids):
    """Reaping an orphan is init's work, and takes it a moment."""
    for _ in range(100):
        if not any(command_of(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def ends_whole(programs, folder, number):
    demo = Demo(programs, folder)
    demo.read_until("Ctrl-C ends it.")
    origin, session = signed_in(demo)
    _, pulls = ask(origin, "GET", "/api/v1/pull-requests", **session)
    assert pulls["n"] > 100, pulls["n"]
    assert "What needs a hand now" in demo.text
    running = demo.descendants()
    assert len(running) == 2, [command_of(pid) for pid in running]  # the sandbox, the server
    assert not any(demo.value("password") in command_of(pid) for pid in running)
    assert demo.end(number) == 0, demo.text
    assert gone(running) and demo.descendants() == set()
    assert not is_listening(origin)
    return demo


@test
def ctrl_c_ends_all_of_it(programs, folder):
    ends_whole(programs, folder, signal.SIGINT)


@test
def so_does_sigterm_and_the_next_demo_takes_the_old_folder(programs, folder):
    ends_whole(programs, folder, signal.SIGTERM)
    again = Demo(programs, folder, DEMO_EXIT="1")
    assert again.end(0) == 0, again.text
    assert "password" in again.text and "Ctrl-C" not in again.text
    assert again.descendants() == set()


@test
def nothing_outlives_it_even_when_it_is_killed(programs, folder):
    demo = Demo(programs, folder)
    demo.read_until("Ctrl-C ends it.")
    running = demo.descendants()
    assert len(running) == 2
    assert demo.end(signal.SIGKILL) == -signal.SIGKILL
    assert gone(running), [command_of(pid) for pid in running]


@test
def interrupted_on_its_way_it_leaves_nothing_either(programs, folder):
    demo = Demo(programs, folder)
    demo.read_until("== Reading")
    running = demo.descendants()
    assert demo.end(signal.SIGTERM) == 130, demo.text
    assert gone(running) and demo.descendants() == set()


@test
def a_taken_port_is_left_to_its_owner(programs, folder):
    with socket.create_server(("127.0.0.1", 0)) as owner:
        port = owner.getsockname()[1]
        demo = Demo(programs, folder, DEMO_PORT=str(port))
        demo.read_until("Ctrl-C ends it.")
        origin, _ = signed_in(demo)
        assert not origin.endswith(f":{port}"), origin
        other = Demo(programs, folder)  # in the folder of one that runs
        assert other.end(0) == 1 and "runs in" in other.text, other.text
        assert demo.end(signal.SIGINT) == 0


@test
def a_folder_with_other_things_is_not_emptied(programs, folder):
    kept = os.path.join(folder, "demo", "thesis.txt")
    os.makedirs(os.path.dirname(kept))
    with open(kept, "w") as file:
        file.write("years of work")
    demo = Demo(programs, folder)
    assert demo.end(0) == 1 and "no demo has made" in demo.text, demo.text
    assert os.path.exists(kept)


test.main()
