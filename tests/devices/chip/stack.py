"""Runs pcscd with vpcd and our virtual cards, apart from the machine's own readers and ports.

Started inside namespaces of its own (`unshare`), because vpcd listens on every address and pcscd
wants its place under /run. `stack.py FOLDER` says `ready` when the reader answers; then each line
on standard input is a command; when that ends, everything here ends.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

from ampera.devices.chip.memory import MemoryReader
from ampera.devices.chip.virtual_card import VirtualCards

PORT = 0x8D11
CONFIG = f"""FRIENDLYNAME "Ampera Uji"
DEVICENAME   /dev/null:0x{PORT:04X}
LIBPATH      /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID    0x{PORT:04X}
"""
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", _IFF_UP))


def _pcscd(folder: Path) -> subprocess.Popen[bytes]:
    """pcscd with its socket in our folder: a mount that only this namespace sees."""
    for command in (
        ["mount", "-t", "tmpfs", "none", "/run"],
        ["mkdir", "/run/pcscd"],
        ["mount", "--bind", str(folder), "/run/pcscd"],
    ):
        subprocess.run(command, check=True)
    config = folder / "reader.conf"
    config.write_text(CONFIG)
    options = ["--foreground", "--config", str(config)]
    told = subprocess.run(["pcscd", "--help"], capture_output=True, text=True, check=False)
    if "--disable-polkit" in told.stdout + told.stderr:
        options.append("--disable-polkit")
    with (folder / "log").open("wb") as log:
        # Should this process be killed, pcscd goes with it.
        apart = ["setpriv", "--pdeathsig", "KILL", "pcscd"]
        return subprocess.Popen([*apart, *options], stdout=log, stderr=log)


def main(folder: Path) -> None:
    _loopback_up()
    daemon = _pcscd(folder)
    try:
        _obey(MemoryReader(folder / "chips"))
    finally:
        daemon.kill()
        daemon.wait()


def _obey(reader: MemoryReader) -> None:
    """Serve the cards and do what the test says, until it says nothing more."""
    cards = VirtualCards(reader, port=PORT)
    cards.start()
    print("ready", flush=True)
    for line in sys.stdin:
        match line.split():
            case ["put", serial]:
                reader.put(serial)
            case ["remove"]:
                reader.remove()
            case ["tear", writes]:
                reader.tear_after(int(writes))
            case ["commands"]:
                print(cards.commands, flush=True)
                continue
            case unknown:
                raise ValueError(f"no such command: {unknown}")
        print("done", flush=True)
    cards.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
