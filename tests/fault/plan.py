"""What a seed says: who is killed when and for how long, and what each device does. The same seed says the same."""
import dataclasses
import random

REPLICAS = ["registrar-1", "registrar-2", "onboarding-1", "onboarding-2", "network-1", "network-2"]
VICTIMS = REPLICAS + ["postgres", "ovs", "hostapd-p1", "hostapd-p2", "freeradius"]
CAMERAS, SENSORS, QUARANTINE = "cameras", "sensors", "quarantine"
HOST_IN = {CAMERAS: "production", SENSORS: "workshop", QUARANTINE: "quarantine"}

BETWEEN_KILLS = (3.0, 9.0)  # seconds
PAUSE = (0.2, 5.0)          # until it is started again


@dataclasses.dataclass(frozen=True)
class Kill:
    at: float  # seconds since the first device began
    victim: str
    pause: float

    def __str__(self):
        return f"{self.at:7.1f} s  kill -9 {self.victim}, again after {self.pause:.1f} s"


def kills(seed):
    """Without end. Nobody is killed who was not started again yet."""
    dice = random.Random(f"{seed} kills")
    at, back = 0.0, {}
    while True:
        at += dice.uniform(*BETWEEN_KILLS)
        victim = dice.choice([one for one in VICTIMS if back.get(one, 0.0) < at])
        pause = dice.uniform(*PAUSE)
        back[victim] = at + pause
        yield Kill(at, victim, pause)


@dataclasses.dataclass(frozen=True)
class Life:
    serial: str
    mac: str
    port: int
    steps: tuple  # of "move", "quarantine", "again", "renew"
    ends: str     # "admitted", "quarantined", "revoked"

    def __str__(self):
        return f"{self.serial} at p{self.port}: {', '.join(self.steps)}; ends {self.ends}"


def lives(seed, count):
    """In the order in which they come to their ports."""
    dice = random.Random(f"{seed} lives")
    # Of any five two are revoked, and one stays in quarantine.
    ends = [("revoked", "admitted", "quarantined", "admitted", "revoked")[n % 5] for n in range(count)]
    dice.shuffle(ends)
    out = []
    for number, end in enumerate(ends):
        steps = dice.sample(["move", "quarantine", "again", "renew"], dice.randint(1, 3))
        out.append(Life(serial=f"00-D0-E5-F3-{number // 256:02X}-{number % 256:02X}",
                        mac=f"02:d0:e5:f3:{number // 256:02x}:{number % 256:02x}",
                        port=1 + number % 2, steps=tuple(steps), ends=end))
    return out


def rounds(seed, life):
    """What a device does that comes again and again while there is time: without end."""
    dice = random.Random(f"{seed} rounds of {life.serial}")
    while True:
        yield dice.choice(["move", "quarantine", "again", "renew"])
