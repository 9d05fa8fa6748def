#!/usr/bin/python3
"""The ends of TCP connections in the lab.

  tcp.py serve PORT LOG         takes connections of either address family and greets; LOG gets a line for each thing
                                that arrives: seconds since 1970, the peer's address, the octets
  tcp.py stream ADDRESS PORT    a connection on which something is sent every 5 ms, until it breaks or is ended

LOG is complete up to the moment: lines are not buffered. An address may be link-local, with %INTERFACE.
"""
import selectors
import socket
import sys
import time


def serve(port, log):
    door = socket.socket(socket.AF_INET6 if socket.has_ipv6 else socket.AF_INET)
    if door.family == socket.AF_INET6:
        door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("", port))
    door.listen(64)
    peers = selectors.DefaultSelector()
    peers.register(door, selectors.EVENT_READ)
    with open(log, "a", buffering=1) as book:
        while True:
            for key, _ in peers.select():
                try:
                    if key.fileobj is door:
                        peer, address = door.accept()
                        peers.register(peer, selectors.EVENT_READ, address[0].removeprefix("::ffff:"))
                        peer.sendall(b"hello\n")
                        continue
                    came = key.fileobj.recv(65536)
                except OSError:
                    came = b""
                if came:
                    book.write(f"{time.time():.6f} {key.data} {len(came)}\n")
                elif key.fileobj is not door:
                    peers.unregister(key.fileobj)
                    key.fileobj.close()


def stream(address, port):
    with socket.create_connection((address, port), timeout=10) as connection:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            connection.sendall(b"measurement 21.5\n")
            time.sleep(0.005)


if len(sys.argv) == 4 and sys.argv[1] == "serve":
    serve(int(sys.argv[2]), sys.argv[3])
elif len(sys.argv) == 4 and sys.argv[1] == "stream":
    stream(sys.argv[2], int(sys.argv[3]))
else:
    sys.exit(__doc__)
