#!/usr/bin/python3
"""Devices live while everything that serves them is killed; at the end all must be as it has to be.

  fault.py --programs DIR --site DIR [--devices N] [--minutes M] [--seed S]

Called by fault.sh, which makes SITE empty and takes everything away afterwards. What the seed says is in
SITE/out/plan.txt before anything happens. The last lines are the outcome, in the words of the unit tests.
"""
import argparse
import itertools
import json
import random
import threading
import traceback

import plan
from hand import Failed, Hand, Stopped, die
from keeper import Keeper
from life import Device, live
from verdict import Verdict


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=15.0, help="kills go on so long at least")
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(1, 1_000_000)))
    out = parser.parse_args()
    if out.devices < 5 or out.devices > 10_000 or out.minutes < 0:
        die("--devices wants 5 or more, --minutes no less than 0")
    return out


def write_plan(hand, wanted, lives):
    listed = itertools.takewhile(lambda kill: kill.at < wanted.minutes * 60, plan.kills(wanted.seed))
    with open(f"{hand.site}/out/plan.txt", "w") as file:
        print(f"seed {wanted.seed}, {wanted.devices} devices, {wanted.minutes:g} minutes", file=file)
        print(*lives, *listed, sep="\n", file=file)
        print("and so on as long as devices are at it", file=file)
    with open(f"{hand.site}/out/plan.txt") as file:
        print(file.read(), flush=True)


def build(hand, lives):
    hand.say("a site, its switch, its makers")
    hand.must("fault_site")
    for life in lives:
        hand.must("make_device", "example", life.serial, "Camera 2")


def let_live(hand, wanted, devices):
    """-> what went wrong."""
    troubles = []

    def at_port(port):
        try:
            live(hand, wanted.seed, [one for one in devices if one.life.port == port], wanted.minutes * 60)
        except Stopped:
            pass
        except Failed as why:
            troubles.append(str(why))
        except Exception:  # a defect of these scripts must not look like success
            troubles.append(traceback.format_exc())
        if troubles:
            hand.stopped.set()
    threads = [threading.Thread(target=at_port, args=(port,), daemon=True) for port in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return troubles


def tell_how_it_is(hand):
    for words in (["network", "diff"], ["ports", "list"], ["sessions", "list", "--open"], ["switches", "list"]):
        print(f"$ pratique {' '.join(words)}\n{hand.cli(*words)[1]}", flush=True)


def main():
    wanted = arguments()
    hand = Hand(wanted.site, wanted.programs)
    lives = plan.lives(wanted.seed, wanted.devices)
    write_plan(hand, wanted, lives)
    build(hand, lives)
    devices = [Device(hand, life) for life in lives]
    keeper = Keeper(hand)
    hand.start_clock()
    keeper.begin(plan.kills(wanted.seed))
    troubles = let_live(hand, wanted, devices)
    hand.say("no more kills")
    keeper.end_kills()
    if troubles:
        tell_how_it_is(hand)
        failed, checked = troubles, 0
    else:
        with open(f"{hand.site}/out/lives.json", "w") as file:
            json.dump([device.expected() for device in devices], file, indent=1)
        verdict = Verdict(hand, [device.expected() for device in devices])
        verdict.all()
        failed, checked = verdict.failed, verdict.checked
    keeper.end()
    failed += [f"ended by itself: {one}" for one in keeper.ended_by_themselves]
    print(f"\nseed {wanted.seed}: {wanted.devices} devices, {keeper.killed} kills, {checked} checks, "
          f"{len(failed)} failed")
    if failed:
        print(*(f"FAILED  {one}" for one in failed), sep="\n")
        print(f"again: --devices {wanted.devices} --minutes {wanted.minutes:g} --seed {wanted.seed}")
        print("test cases: 1 | 0 passed | 1 failed")
        return 1
    print(f"All tests passed ({checked} assertions in 1 test cases)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
