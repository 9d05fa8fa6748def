"""Calls to the site's shell functions (verbs.sh), and what was said of the run."""
import os
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST_CALL = 240.0  # seconds; nothing that is called takes so long


class Stopped(Exception):
    """The run ends: somebody failed, or a person wants it."""


class Failed(Exception):
    """What had to be is not so."""


class Hand:
    def __init__(self, site, programs):
        self.site, self.programs = site, programs
        self.began = time.monotonic()
        self.stopped = threading.Event()
        self._mutex = threading.Lock()
        self._book = open(f"{site}/log/calls.log", "a", buffering=1)

    def start_clock(self):
        self.began = time.monotonic()

    def now(self):
        return time.monotonic() - self.began

    def say(self, text):
        with self._mutex:
            print(f"{self.now():7.1f} s  {text}", flush=True)
            self._book.write(f"{self.now():9.3f} === {text}\n")

    def do(self, *words):
        """-> (exit status, what was said)."""
        began = self.now()
        try:
            done = subprocess.run([f"{HERE}/verbs.sh", self.site, self.programs, *words], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONGEST_CALL)
            status, said = done.returncode, done.stdout.decode(errors="replace")
        except subprocess.TimeoutExpired:
            status, said = 124, f"no end within {LONGEST_CALL:.0f} s"
        with self._mutex:
            self._book.write(f"{began:9.3f} {' '.join(words)} -> {status}, {self.now() - began:.3f} s\n")
            self._book.writelines(f"          | {line}\n" for line in said.splitlines())
        return status, said

    def must(self, *words):
        status, said = self.do(*words)
        if status != 0:
            raise Failed(f"{' '.join(words)}: exit {status}: {' / '.join(said.split(chr(10))[-6:])}")
        return said

    def cli(self, *words):
        """The operator's tool."""
        return self.do("cli", *words)

    def pause(self, seconds):
        if self.stopped.wait(seconds):
            raise Stopped

    def until(self, what, goal, limit, between=0.3, nudge=None, nudge_every=8.0):
        """Until goal() is true. nudge() is what a device or a person does who sees that it is not yet so."""
        deadline, nudged = time.monotonic() + limit, time.monotonic()
        while not goal():
            if time.monotonic() > deadline:
                raise Failed(f"{what}: not within {limit:.0f} s")
            if nudge and time.monotonic() - nudged >= nudge_every:
                nudge()
                nudged = time.monotonic()
            self.pause(between)


def tail(path, lines=3):
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 4096))
            return file.read().decode(errors="replace").splitlines()[-lines:]
    except OSError:
        return []


def die(text):
    sys.exit(f"fault: {text}")
