"""A real SLURM, for tests and benchmarks: munged, slurmctld and slurmd.

It has one node, this machine, or several in namespaces (slurm_nodes.py), on a bridge of their own.
Needs Debian's packages slurm-wlm and munge, and root. All its files are in one folder, but for a
link at /etc/slurm/slurm.conf: Snakemake takes SLURM_CONF out of a job's environment, so that the
srun within a job looks there. Memory is enforced by SLURM itself, which looks at each job's
processes once a second and kills what takes more than it asked for. An sbatch on the sandbox's
search path records what is submitted.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock
from slurm_nodes import CONTROLLER, Bridge, Node

SYSTEM_CONF = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")
SEARCH_PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"

CONF = """\
ClusterName=sandbox
SlurmctldHost={host}({controller})
SlurmctldPort={port}
SlurmdPort={slurmd_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
SlurmdTimeout={timeout}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
MinJobAge=3600
KillWait=2
SchedulerParameters=batch_sched_delay=0,sched_interval=2,sched_min_interval=0,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
EnforcePartLimits=ALL
{gres_types}
NodeName=DEFAULT CPUs={cpus} RealMemory={memory} State=UNKNOWN {gres}
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE DefMemPerCPU=256 State=UP
PartitionName=short Nodes=ALL MaxTime=15 DefMemPerCPU=256 State=UP
PartitionName=theirs Nodes=ALL AllowAccounts=theirs DefMemPerCPU=256 State=UP
"""

# One file for each call, as two may come at once; options end in a line's end.
RECORDER = """\
#!/bin/sh
printf '%s\\n' "$@" > "{folder}/calls/$(date +%s%N)-$$"
exec {sbatch} "$@"
"""


@dataclass(frozen=True)
class Allocation:
    """What a job held, from when to when, in seconds of the epoch; `end` is None while it runs."""

    number: int
    cpus: int
    start: float
    end: float | None

    @property
    def core_seconds(self) -> float:
        """Cores times seconds of a job that has ended."""
        assert self.end is not None
        return self.cpus * (self.end - self.start)


def most_at_once(allocations: list[Allocation]) -> int:
    """How many of them ran at the same time, at most."""
    starts = [allocation.start for allocation in allocations]
    return max(sum(a.start <= t < (a.end or t + 1) for a in allocations) for t in starts)


def why_not() -> str | None:
    """What is missing for a sandbox on this machine, or None."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=SEARCH_PATH) is None]
    if missing:
        return f"no {', '.join(missing)} (apt-get install slurm-wlm munge)"
    if os.geteuid() != 0:
        return "only root can start SLURM's daemons"
    if SYSTEM_CONF.exists() and not SYSTEM_CONF.is_symlink():
        return f"{SYSTEM_CONF} is of a real SLURM"
    return None


class SlurmSandbox:
    """Starts on entry, stops and takes its link away on exit.

    `cpus`, `memory` and `gpus` are those of each node.
    """

    def __init__(
        self,
        folder: Path,
        cpus: int = 4,
        memory: int = 16_000,
        gpus: int = 0,
        nodes: Sequence[Node] = (),
    ):
        self.folder, self.host = folder, socket.gethostname().split(".")[0]
        self.nodes, self.names = nodes, [node.name for node in nodes] or [self.host]
        self.environment = os.environ | {
            "PATH": f"{folder}/bin:{SEARCH_PATH}",
            "SLURM_CONF": str(folder / "slurm.conf"),
        }
        self._wire = Bridge()
        self._only_one = FileLock(Path(tempfile.gettempdir(), "sparsevae-slurm-sandbox.lock"))
        addresses = [node.address for node in nodes] or ["127.0.0.1"]
        content = CONF.format(
            host=self.host,
            controller=CONTROLLER if nodes else "127.0.0.1",
            nodes="\n".join(
                f"NodeName={name} NodeAddr={address}"
                for name, address in zip(self.names, addresses, strict=True)
            ),
            # Seconds without an answer until a node counts as lost; a busy machine needs some.
            timeout=15 if nodes else 300,
            port=_free_port(),
            slurmd_port=_free_port(),
            folder=folder,
            cpus=cpus,
            memory=memory,
            gres_types="GresTypes=gpu" if gpus else "",
            gres=f"Gres=gpu:{gpus}" if gpus else "",
        )
        for part in ("state", "spool", "calls", "bin"):
            (folder / part).mkdir(parents=True)
        self._write_recorder()
        # A plain file stands for a GPU.
        (folder / "gres.conf").write_text(
            "".join(f"Name=gpu File={folder}/gpu{i}\n" for i in range(gpus)),
            encoding="utf-8",
        )
        for i in range(gpus):
            (folder / f"gpu{i}").touch()
        (folder / "slurm.conf").write_text(content, encoding="utf-8")
        key = folder / "munge.key"
        key.touch(mode=0o400)
        key.write_bytes(os.urandom(1024))

    def __enter__(self) -> "SlurmSandbox":
        # The link is one for the machine: a second sandbox would take the jobs of the first.
        self._only_one.acquire()
        SYSTEM_CONF.parent.mkdir(exist_ok=True)
        SYSTEM_CONF.unlink(missing_ok=True)
        SYSTEM_CONF.symlink_to(self.folder / "slurm.conf")
        names = {"socket": "sock", "key-file": "key", "pid-file": "pid", "log-file": "log"}
        munge = [f"--{option}={self.folder}/munge.{end}" for option, end in names.items()]
        self.run("munged", "--force", f"--seed-file={self.folder}/munge.seed", *munge)
        if self.nodes:
            self._wire.__enter__()
        self.run("slurmctld")
        for node in self.nodes:
            self.start_node(node)
        if not self.nodes:
            self.run("slurmd", "-N", self.host)
            wait_until(lambda: self.node_state() == "idle", 60, "an idle node")
        return self

    def __exit__(self, *error: object) -> None:
        self.run("scancel", "--user=root", check=False)
        wait_until(lambda: not self.jobs(), 30, "an empty queue")
        for node in self.nodes:
            node.lose()
        daemons = [*([] if self.nodes else [f"slurmd-{self.host}"]), "slurmctld", "munge"]
        for name in daemons:
            pid = int((self.folder / f"{name}.pid").read_text(encoding="utf-8"))
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda pid=pid: not Path(f"/proc/{pid}").exists(), 30, f"the end of {name}")
        if self.nodes:
            self._wire.__exit__()
        SYSTEM_CONF.unlink()
        self._only_one.release()

    def run(self, *command: str, check: bool = True) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=60
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def node_state(self, name: str = "") -> str:
        """State of a node, the first if none is named."""
        node = name or self.names[0]
        options = ("--noheader", "--format=%T", "--partition=main", f"--nodes={node}")
        return self.run("sinfo", *options, check=False).strip().rstrip("*")

    def jobs(self) -> dict[int, str]:
        """Number -> state of what is pending or running."""
        lines = self.run("squeue", "--noheader", "--format=%A %T", check=False).splitlines()
        return {int(line.split()[0]): line.split()[1] for line in lines}

    def submitted(self) -> list[list[str]]:
        """The options of each call of sbatch so far that was to submit something."""
        calls = [
            file.read_text(encoding="utf-8").split("\n")
            for file in sorted((self.folder / "calls").iterdir())
        ]
        return [call for call in calls if "--test-only" not in call]

    def allocations(self) -> list[Allocation]:
        """Every job that has started, tasks of arrays one by one."""
        found = []
        for line in self.run("scontrol", "show", "job", "--oneliner").splitlines():
            values = dict(re.findall(r"(\S+?)=(\S*)", line))
            if values.get("StartTime", "Unknown") != "Unknown" and values["JobState"] != "PENDING":
                running = values["JobState"] in ("RUNNING", "COMPLETING")
                found.append(
                    Allocation(
                        int(values["JobId"]),
                        int(values["NumCPUs"]),
                        datetime.fromisoformat(values["StartTime"]).timestamp(),
                        None if running else datetime.fromisoformat(values["EndTime"]).timestamp(),
                    )
                )
        return found

    def start_node(self, node: Node) -> None:
        """One of the nodes, new or after it was lost."""
        node.start(["slurmd", "-D"], self.environment, self.folder / f"{node.name}.log")
        wait_until(lambda: self.node_state(node.name) == "idle", 60, f"idle node {node.name}")

    def drain(self) -> None:
        self.run("scontrol", "update", f"nodename={self.host}", "state=drain", "reason=test")

    def lose(self) -> None:
        """The node as SLURM sees one that does not answer: its jobs have failed."""
        self.run("scontrol", "update", f"nodename={self.host}", "state=down", "reason=test")

    def resume(self) -> None:
        self.run("scontrol", "update", f"nodename={self.host}", "state=resume")

    def _write_recorder(self) -> None:
        sbatch = shutil.which("sbatch", path=SEARCH_PATH)
        script = self.folder / "bin/sbatch"
        script.write_text(RECORDER.format(folder=self.folder, sbatch=sbatch), encoding="utf-8")
        script.chmod(0o755)


def wait_until(met: Callable[[], bool], seconds: float, what: str) -> None:
    """Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not met():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no {what} within {seconds:.0f} s")
        time.sleep(0.3)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
