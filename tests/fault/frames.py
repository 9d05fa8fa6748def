#!/usr/bin/python3
"""Frames at the lab's hosts: what a machine can send although nothing answers it.

  frames.py watch INTERFACE LOG   LOG gets a line for each frame that comes in: seconds since 1970, the sender's MAC
                                  address, the EtherType; complete up to the moment
  frames.py send INTERFACE        broadcasts over IPv4 and multicasts over IPv6, some of each
"""
import socket
import sys
import time

EVERY_PROTOCOL = 3
OUTGOING = 4
DISCARD = 9  # the port
ALL_NODES = "ff02::1"


def watch(interface, log):
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL))
    ear.bind((interface, 0))
    with open(log, "a", buffering=1) as book:
        while True:
            frame, origin = ear.recvfrom(64)
            if origin[2] != OUTGOING:
                book.write(f"{time.time():.6f} {frame[6:12].hex(':')} {origin[1]:04x}\n")


def send(interface):
    four = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    four.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    four.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
    six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    for _ in range(5):
        four.sendto(b"is anybody there", ("255.255.255.255", DISCARD))
        six.sendto(b"is anybody there", (ALL_NODES, DISCARD, 0, socket.if_nametoindex(interface)))
        time.sleep(0.05)


if len(sys.argv) == 4 and sys.argv[1] == "watch":
    watch(sys.argv[2], sys.argv[3])
elif len(sys.argv) == 3 and sys.argv[1] == "send":
    send(sys.argv[2])
else:
    sys.exit(__doc__)
