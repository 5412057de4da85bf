"""What the tests of the command line share: the program, its tokens, and the watch for secrets."""
import os
import subprocess
import threading

from sync_support import Sandbox


class Program:
    """Runs plumbline with an environment of its own and remembers everything it said."""

    def __init__(self, programs, sandbox, folder):
        self.path, self.sandbox, self.folder = programs.driver, sandbox, folder
        self.temporary = os.path.join(folder, "tmp")
        self.home = os.path.join(folder, "home")
        for made in (self.temporary, self.home):
            os.makedirs(made, exist_ok=True)
        self.said = b""
        self.api = sandbox.ready["api_base"] if sandbox is not None else None

    def environment(self, **more):
        names = ("PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "G_SLICE")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        return {**kept, "HOME": self.home, "TMPDIR": self.temporary, "LC_ALL": "C.UTF-8",
                "TERM": "xterm", **more}

    def token(self, name):
        return next(t for t in self.sandbox.ready["tokens"] if t["name"] == name)

    def token_file(self, name):
        path = os.path.join(self.folder, name + ".token")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.token(name)["secret"] + "\n")
        return path

    def start(self, *arguments, **environment):
        return subprocess.Popen([self.path, *arguments], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                start_new_session=True,  # no terminal to ask for a token
                                env=self.environment(**environment))

    def finish(self, process):
        output, message = process.communicate()
        self.said += output + message
        return process.returncode, output.decode(), message.decode()

    def run(self, *arguments, **environment):
        return self.finish(self.start(*arguments, **environment))

    def succeed(self, *arguments, **environment):
        code, output, message = self.run(*arguments, **environment)
        assert code == 0, (code, message)
        return output

    def fail(self, expected, *arguments, **environment):
        """Ends with that exit code and one or two lines on standard error, which it returns."""
        code, output, message = self.run(*arguments, **environment)
        assert code == expected, (code, message)
        assert output == "", output
        assert 1 <= len(message.splitlines()) <= 2, message
        assert message.startswith("plumbline: "), message
        return message

    def report(self, repository, token="workspace", *arguments):
        return ("report", repository, "--api-base", self.api, "--token-file",
                self.token_file(token), *arguments)


def read_company(programs, folder):
    """A sandbox that the data folder is connected to and that has been read."""
    sandbox = Sandbox(programs, folder)
    program = Program(programs, sandbox, folder)
    data = ("--data", os.path.join(folder, "data"))
    program.succeed(*data, "connect", "--kind", "workspace-token", "--workspace",
                    sandbox.ready["workspace"]["slug"], "--api-base", program.api, "--token-file",
                    program.token_file("workspace"), "--name", "demo")
    program.succeed(*data, "sync")
    return sandbox, program, data


class ArgumentWatch:
    """Reads the arguments of a process and all below it, again and again, until stopped."""

    def __init__(self, pid):
        self.pid, self.seen, self.over = pid, set(), threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()

    def _family(self):
        parents = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat") as file:
                    parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError):
                continue
        family = {self.pid}
        grown = True
        while grown:
            more = {pid for pid, parent in parents.items() if parent in family} - family
            grown = bool(more)
            family |= more
        return family

    def _watch(self):
        while not self.over.is_set():
            for pid in self._family():
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        self.seen.add(file.read())
                except OSError:
                    continue

    def stop(self):
        self.over.set()
        self.thread.join()
        return self.seen


def files_below(folder):
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if os.path.isfile(path) and not path.endswith(".token"):
                yield path


def percentile(values, share):
    """Linear interpolation between closest ranks."""
    values = sorted(values)
    at = (len(values) - 1) * share
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)
