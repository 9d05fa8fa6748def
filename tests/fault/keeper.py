"""Kills by a plan, and starts again whatever does not run, as an orchestrator does; notices who ended by himself."""
import os
import threading
import time

import plan
from hand import tail

LOOK_EVERY = 0.2         # seconds
START_AGAIN = 1.0        # between attempts to start
START_WITHIN = 120.0     # else it counts as failed
DATABASE_RECOVERS = 5.0  # after its start a database may refuse for so long


def alive(path):
    """Of a file "PID START_TIME", or PostgreSQL's, whose first line is the number."""
    try:
        with open(path) as file:
            words = file.readline().split()
        with open(f"/proc/{words[0]}/stat") as file:
            state = file.read().rpartition(")")[2].split()
        return state[0] not in "ZX" and (len(words) < 2 or state[19] == words[1])
    except (OSError, IndexError):
        return False


class Keeper:
    def __init__(self, hand):
        self.hand = hand
        self.files = {}
        for line in hand.must("fault_pid_files").splitlines():
            name, path = line.split(None, 1)
            self.files.setdefault(name, []).append(path)
        self.killed = 0
        self.ended_by_themselves = []  # words of each
        self._mutex = threading.Lock()
        self._runs = {name: time.monotonic() for name in self.files}  # since when; None: it is being seen to
        self._database_back = 0.0
        self._watching = threading.Event()
        self._strikes = threading.Event()
        self._threads = []

    def begin(self, kills):
        self._watching.set()
        self._strikes.set()
        self._run(self._watch)
        self._run(self._strike, kills)

    def end_kills(self):
        """No kill begins any more; returns when everything was started again."""
        self._strikes.clear()
        while any(since is None for since in self._runs.values()):
            time.sleep(LOOK_EVERY)

    def end(self):
        self._strikes.clear()
        self._watching.clear()
        for thread in self._threads:
            thread.join()

    def _run(self, what, *words):
        thread = threading.Thread(target=what, args=words, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _take(self, name):
        """True for the one who sees to it."""
        with self._mutex:
            if self._runs[name] is None:
                return False
            self._runs[name] = None
            return True

    def _strike(self, kills):
        for kill in kills:
            while self.hand.now() < kill.at:
                if not self._strikes.is_set():
                    return
                time.sleep(0.05)
            if not self._strikes.is_set():
                return
            if not self._take(kill.victim):
                self.hand.say(f"{kill.victim} is not there to be killed: it is still being started")
                continue
            self.hand.say(f"kill -9 {kill.victim}, again after {kill.pause:.1f} s")
            self.hand.do("fault_kill", kill.victim)
            self.killed += 1
            self._run(self._start, kill.victim, kill.pause)

    def _start(self, name, pause):
        time.sleep(pause)
        deadline = time.monotonic() + START_WITHIN
        while self.hand.do("fault_start", name)[0] != 0:
            if time.monotonic() > deadline:
                self.ended_by_themselves.append(f"{name} could not be started within {START_WITHIN:.0f} s")
                break
            time.sleep(START_AGAIN)
        if name == "postgres":
            self._database_back = time.monotonic()
        with self._mutex:
            self._runs[name] = time.monotonic()

    def _watch(self):
        while self._watching.is_set():
            for name, files in self.files.items():
                since = self._runs[name]
                if since is None or all(alive(path) for path in files):
                    continue
                if self._runs[name] == since and self._take(name):
                    self._found_dead(name, since)
            time.sleep(LOOK_EVERY)

    def _found_dead(self, name, since):
        beside = os.path.dirname(self.files[name][0])  # the switch keeps its own logs
        last = " / ".join(tail(f"{self.hand.site}/log/{name}.log", 2) or tail(f"{beside}/log/{name}.log", 2))
        # A service that is started without a database ends, and is started again.
        without_database = self._runs["postgres"] is None or since < self._database_back + DATABASE_RECOVERS
        if name in plan.REPLICAS and without_database and '"service_start_failed"' in last:
            self.hand.say(f"{name} could not start without the database")
        else:
            self.hand.say(f"{name} ENDED BY ITSELF: {last}")
            self.ended_by_themselves.append(f"{name} at {self.hand.now():.1f} s: {last}")
        self._run(self._start, name, START_AGAIN)
