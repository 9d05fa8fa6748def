"""What a device does at its port, and what operators do to it, while everything else falls and rises.

Whoever asks for something asks again until it is so: a device that is not let through logs on again, an operator
repeats what was not answered. How long anything takes is not judged, but for one generous limit.
"""
import json

import plan
from hand import Failed

PATIENCE = 300.0  # seconds for one thing to become so, whoever is killed meanwhile


class Device:
    """One life; `segment` is where it belongs now, None if nowhere."""

    def __init__(self, hand, life):
        self.hand, self.life = hand, life
        self.serial, self.port = life.serial, str(life.port)
        self.segment = None
        self.revoked = False

    def expected(self):
        return {"serial": self.serial, "mac": self.life.mac, "port": self.life.port, "segment": self.segment,
                "revoked": self.revoked}

    def say(self, text):
        self.hand.say(f"{self.serial} at p{self.port}: {text}")

    # --- the machine ----------------------------------------------------------------------------------------
    def comes(self):
        self.until("plugged in", lambda: self.hand.do("fault_plug", self.port, self.life.mac)[0] == 0)

    def leaves(self):
        """The next machine comes when this one's session is over, as on a real desk it takes somebody a while."""
        self.until("unplugged", lambda: self.hand.do("fault_unplug", self.port)[0] == 0)
        self.until("its session is over", lambda: self.open_sessions() == 0)

    def onboards(self):
        def joined():
            status, said = self.hand.do("fault_onboard", self.port, self.serial)
            if status in (3, 4):
                raise Failed(f"{self.serial} was refused: {' / '.join(said.splitlines()[-3:])}")
            return status == 0
        self.until("onboarded", joined)

    def logs_on(self):
        self.until("its supplicant", lambda: self.hand.do("fault_log_on", self.port, self.serial)[0] == 0)
        self.is_where_it_belongs()

    def tries_again(self):
        self.hand.do("fault_again", self.port)

    def reaches(self):
        return set(self.hand.do("fault_reaches", self.port)[1].split())

    def is_where_it_belongs(self):
        """It reaches the host of its segment over IPv4 and IPv6, and no other's."""
        wanted = set() if self.segment is None else {plan.HOST_IN[self.segment] + family for family in "46"}
        self.until(f"in segment {self.segment}", lambda: self.reaches() == wanted,
                   nudge=None if self.revoked else self.tries_again)

    def until(self, what, goal, nudge=None):
        try:
            self.hand.until(what, goal, PATIENCE, nudge=nudge)
        except Failed as why:
            raise Failed(f"{self.serial} at p{self.port}: {why}") from why

    # --- operators ------------------------------------------------------------------------------------------
    def ask(self, what, *command, already):
        """Until it is done. An answer that was lost may have been a yes: already() tells."""
        def done():
            status, said = self.hand.cli(*command)
            if status == 0 or already():
                return True
            if status in (2, 3):
                raise Failed(f"{what}: {said.strip()}")
            return False
        self.until(what, done)

    def show(self):
        status, said = self.hand.cli("devices", "show", self.serial, "--output", "json")
        return json.loads(said) if status == 0 else {}

    def open_sessions(self):
        status, said = self.hand.cli("sessions", "list", "--device", self.serial, "--open", "--output", "json")
        return len(json.loads(said).get("sessions", [])) if status == 0 else None

    def credentials(self, *states):
        """Certificate serial numbers of those in these states; None where nobody answers."""
        status, said = self.hand.cli("credentials", "list", "--device", self.serial, "--output", "json")
        if status != 0:
            return None
        return [one["certificateSerial"] for one in json.loads(said)["credentials"]
                if one["state"].removeprefix("CREDENTIAL_STATE_") in states]

    def in_state(self, word):
        return self.show().get("state", "").endswith(f"_{word}")

    def moves(self):
        to = plan.SENSORS if self.segment == plan.CAMERAS else plan.CAMERAS
        self.ask("move", "move", self.serial, to, already=lambda: self.show().get("effectiveSegment") == to)
        self.segment = to
        self.is_where_it_belongs()

    def is_quarantined(self):
        self.ask("quarantine", "quarantine", self.serial, "--reason", "drill",
                 already=lambda: self.in_state("QUARANTINED"))
        home, self.segment = self.segment, plan.QUARANTINE
        self.is_where_it_belongs()
        return home

    def is_released_to(self, home):
        self.ask("release", "release", self.serial, "--reason", "drill", already=lambda: self.in_state("ADMITTED"))
        self.segment = home
        self.is_where_it_belongs()

    def is_revoked(self):
        self.ask("revoke", "revoke", self.serial, "--reason", "drill", "--yes",
                 already=lambda: self.credentials("ACTIVE", "SUCCESSOR") == [])
        self.segment, self.revoked = None, True
        self.is_where_it_belongs()

    def is_given_a_new_certificate(self):
        """By way of production, so from among the cameras."""
        if self.segment != plan.CAMERAS:
            self.moves()
        self.until("renewed", lambda: self.hand.do("fault_renew", self.port, self.serial)[0] == 0,
                   nudge=self.tries_again)

    def shows_its_new_certificate(self):
        """The first logon with the new one ends the old one."""
        self.logs_on()
        self.until("its new certificate is the only one", lambda: len(self.credentials("ACTIVE") or []) == 1,
                   nudge=self.tries_again)

    def renews(self):
        self.is_given_a_new_certificate()
        self.shows_its_new_certificate()

    # --- a life ---------------------------------------------------------------------------------------------
    def step(self, name):
        self.say(name)
        if name == "move":
            self.moves()
        elif name == "quarantine":
            self.is_released_to(self.is_quarantined())
        elif name == "again":
            self.logs_on()
        elif name == "renew":
            self.renews()

    def first_stay(self):
        self.say("onboards")
        self.comes()
        self.onboards()
        self.segment = plan.CAMERAS
        self.logs_on()
        for name in self.life.steps:
            self.step(name)
        if self.life.ends == "quarantined":
            self.say("renews, and before it shows that is quarantined for good")
            self.is_given_a_new_certificate()
            self.is_quarantined()
            self.shows_its_new_certificate()
        elif self.life.ends == "revoked":
            self.say("is revoked")
            self.is_revoked()
        self.leaves()

    def another_stay(self, name):
        self.say(f"comes back: {name}")
        self.comes()
        self.logs_on()
        if self.life.ends == "admitted":
            self.step(name)
        self.leaves()


def live(hand, seed, devices, until):
    """All of one port, one after another; then those that may come back do, until hand.now() is `until`."""
    for device in devices:
        device.first_stay()
    after = [(device, plan.rounds(seed, device.life)) for device in devices if not device.revoked]
    while after and hand.now() < until:
        for device, steps in after:
            if hand.now() >= until:
                return
            device.another_stay(next(steps))
