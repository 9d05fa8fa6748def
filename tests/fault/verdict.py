#!/usr/bin/python3
"""What has to be so when all of it is over.

  verdict.py PROGRAMS SITE      of a site that stands (fault.sh --keep), with what SITE/out/lives.json expects

Everything runs and nobody is killed any more; each device comes to its port once more.
"""
import json
import os
import re
import sys
import threading
import time
from concurrent import futures

import plan
from hand import Failed, Hand
from life import Device

SETTLES_WITHIN = 300.0   # seconds
REFUSED_WITHIN = 120.0
SHOUTS = 3               # times that a machine which may not sends what nobody need answer
DEFECT = re.compile(r"Sanitizer|runtime error:|[Aa]ssertion.* failed|terminate called|stack smashing|double free|"
                    r"corrupted (size|double|top)|free\(\): invalid|Segmentation fault|PANIC:|TRAP: |"
                    r"terminated by signal (?!9)")
OUR_OWN = ("calls.log", "play.log")  # logs


class Verdict:
    def __init__(self, hand, lives):
        self.hand = hand
        self.devices = []
        for one in lives:
            device = Device(hand, plan.Life(one["serial"], one["mac"], one["port"], (), ""))
            device.segment, device.revoked = one["segment"], one["revoked"]
            self.devices.append(device)
        self.checked = 0
        self.failed = []
        self._mutex = threading.Lock()

    def holds(self, what, good, evidence=""):
        with self._mutex:
            self.checked += 1
            if not good:
                self.failed.append(what)
        if not good:
            self.hand.say(f"FAILED  {what}: {evidence}")

    def part(self, title, check):
        before = len(self.failed)
        try:
            check()
        except Failed as why:
            self.holds(title, False, why)
        self.hand.say(f"{title}: {'so it is' if len(self.failed) == before else 'NO'}")

    def all(self):
        self.part("everything runs and is ready", lambda: self.hand.must("fault_await"))
        self.part("desired = observed", self.agree)
        self.part("who may talks in its segment, who may not sends nothing", self.at_the_ports)
        self.part("desired = observed, after that too", self.agree)
        self.part("no serial number has two active certificates", self.certificates)
        self.part("the audit log is whole", self.audit)
        self.part("nobody's words tell of a defect", self.words)

    # --- desired = observed ---------------------------------------------------------------------------------
    def agree(self):
        said = (1, "")

        def agreed():
            nonlocal said
            said = self.hand.cli("network", "diff")
            return said[0] == 0
        try:
            self.hand.until("desired = observed", agreed, SETTLES_WITHIN, between=1.0)
        except Failed:
            pass
        self.holds("desired = observed", said[0] == 0, said[1])

    # --- at the ports ---------------------------------------------------------------------------------------
    def frames(self, mac, since):
        """-> the hosts at which frames of that machine came in."""
        out = set()
        for host in plan.HOST_IN.values():
            with open(f"{self.hand.site}/log/frames-{host}.log") as book:
                for line in book:
                    words = line.split()
                    if len(words) == 3 and words[1] == mac and float(words[0]) >= since:
                        out.add(host)
        return out

    def at_the_ports(self):
        ports = sorted({device.port for device in self.devices})
        with futures.ThreadPoolExecutor(len(ports)) as pool:
            for done in [pool.submit(self.at_one_port, port) for port in ports]:
                done.result()

    def at_one_port(self, port):
        for device in self.devices:
            if device.port != port:
                continue
            since = time.time()
            device.comes()
            if device.revoked:
                self.may_not(device, since)
            else:
                self.may(device, since)
            device.leaves()

    def may(self, device, since):
        try:
            device.logs_on()
        except Failed as why:
            self.holds(f"{device.serial} is in {device.segment}", False, why)
            return
        host = plan.HOST_IN[device.segment]
        self.hand.must("fault_shout", device.port)
        try:
            self.hand.until("its frames", lambda: host in self.frames(device.life.mac, since), 30.0)
        except Failed:
            pass
        # What else it heard and sent on the way to its segment are no frames of another's.
        self.holds(f"{device.serial} talks in {device.segment}, and nowhere else",
                   self.frames(device.life.mac, since) == {host}, self.frames(device.life.mac, since))

    def may_not(self, device, since):
        self.hand.must("fault_log_on", device.port, device.serial)
        refused = True
        try:
            self.hand.until("a refusal", lambda: self.refused(device, since), REFUSED_WITHIN, nudge=device.tries_again)
        except Failed:
            refused = False
        self.holds(f"{device.serial} is refused by 802.1X", refused, f"no refusal within {REFUSED_WITHIN:.0f} s")
        for _ in range(SHOUTS):
            self.hand.must("fault_shout", device.port)
            reached = device.reaches()
            self.holds(f"{device.serial} reaches nobody", not reached, reached)
        arrived = self.frames(device.life.mac, since)
        self.holds(f"no frame of {device.serial} arrives anywhere", not arrived, arrived)

    def refused(self, device, since):
        """RADIUS said no because its certificate has ended, after that time."""
        return self.hand.must(
            "fault_sql", "SELECT count(*) FROM network.radius_auth WHERE verdict = 'reject' AND code = "
            f"'PORT_CERTIFICATE_ENDED' AND station = '{device.life.mac}' AND last_time > to_timestamp({since})"
        ).strip() != "0"

    # --- the registrar --------------------------------------------------------------------------------------
    def certificates(self):
        twice = self.hand.must(
            "fault_sql", "SELECT d.serial_number, count(*) FROM registrar.credential c JOIN registrar.device d ON "
            "d.id = c.device WHERE c.state IN ('active', 'successor') GROUP BY 1 HAVING count(*) > 1")
        self.holds("SQL: nobody has two active certificates", twice == "", twice)
        for device in self.devices:
            good = device.credentials("ACTIVE")
            count = 0 if device.revoked else 1
            right = good is not None and len(good) == count
            self.holds(f"{device.serial} has {count} active certificates", right, good)
            if not device.revoked:
                wanted = "QUARANTINED" if device.segment == plan.QUARANTINE else "ADMITTED"
                self.holds(f"{device.serial} is {wanted.lower()}", device.in_state(wanted), device.show())

    def audit(self):
        status, said = self.hand.cli("audit", "verify")
        self.holds("audit verify", status == 0, said)

    def words(self):
        folders = [f"{self.hand.site}/log", f"{self.hand.must('lab_switch_folder').strip()}/log",
                   f"{self.hand.must('site_radius_folder').strip()}/freeradius/log"]
        files = [os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder))]
        for path in files + [f"{self.hand.site}/postgres.log"]:
            if os.path.basename(path) in OUR_OWN:
                continue
            with open(path, errors="replace") as book:
                found = [line.strip()[:300] for line in book if DEFECT.search(line)]
            self.holds(f"the words of {path}", not found, found[:3])


def main():
    hand = Hand(sys.argv[2], sys.argv[1])
    with open(f"{hand.site}/out/lives.json") as file:
        verdict = Verdict(hand, json.load(file))
    verdict.all()
    print(f"{verdict.checked} checks, {len(verdict.failed)} failed")
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
