"""Machines for a SLURM of several nodes: each has a host name, a network and processes of its own.

What they are is a network namespace on a bridge, and host names and processes that go with the
first process of the node. Only the disk is shared, as on a cluster. Needs root and iproute2.
"""

import shutil
import signal
import subprocess
from pathlib import Path

BRIDGE = "sparsevae-nodes"
NETWORK = "10.213.7"  # of this machine's own; nothing leaves it
CONTROLLER = f"{NETWORK}.1"
PROGRAMS = ("ip", "unshare", "nsenter", "hostname")


def why_not(search_path: str) -> str | None:
    """What is missing for nodes on this machine, or None."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=search_path) is None]
    if missing:
        return f"no {', '.join(missing)} (apt-get install iproute2)"
    probe = ("ip", "link", "add", "probe", "type", "bridge")
    command = ["unshare", "--net", "--uts", "--pid", "--fork", *probe]
    made = subprocess.run(command, check=False, capture_output=True)
    return "this machine's root may make no networks" if made.returncode else None


def ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=True)


class Bridge:
    """The wire between nodes and the machine, which has the controller's address on it."""

    def __enter__(self) -> "Bridge":
        ip("link", "delete", BRIDGE, check=False)
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("address", "add", f"{CONTROLLER}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        return self

    def __exit__(self, *error: object) -> None:
        ip("link", "delete", BRIDGE)


class Node:
    """A machine that runs one program, until that ends or it is lost."""

    def __init__(self, name: str, number: int):
        self.name, self.address = name, f"{NETWORK}.{10 + number}"
        self._space, self._plug = f"sparsevae-{name}", f"sparsevae-{number}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.lose()
        ip("netns", "add", self._space)
        here, there = ("name", self._plug), ("peer", "name", "eth0", "netns", self._space)
        ip("link", "add", *here, "type", "veth", *there)
        ip("link", "set", self._plug, "master", BRIDGE, "up")
        ip("-n", self._space, "address", "add", f"{self.address}/24", "dev", "eth0")
        for interface in ("lo", "eth0"):
            ip("-n", self._space, "link", "set", interface, "up")
        # Not `ip netns exec`, which hides the control groups that slurmd asks for.
        network = ("nsenter", f"--net=/run/netns/{self._space}")
        # The shell is the first process of the node: it outlives none and all others end with it.
        spaces = ("unshare", "--uts", "--pid", "--mount-proc", "--fork", "--kill-child")
        boot = f'hostname {self.name}; "$@"; exit'
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [*network, *spaces, "sh", "-c", boot, "sh", *command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def has(self, process: int) -> bool:
        """Whether a process of the machine is one of the node's."""
        assert self._process is not None
        ours, theirs = (Path(f"/proc/{pid}/ns/net") for pid in (self._process.pid, process))
        return ours.readlink() == theirs.readlink()

    def lose(self) -> None:
        """The machine goes out: its processes are gone, its network answers nothing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        self._process = None
        # A network is deleted some time later; this wire, with both its ends, at once.
        ip("link", "delete", self._plug, check=False)
        ip("netns", "delete", self._space, check=False)
