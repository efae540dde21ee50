"""Which Python processes has another one, and do they end with it?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ENDS_WITHIN = 10.0

_PARENT = """
import sys
sys.path.insert(0, {here!r})
from {module} import {name}
if __name__ == "__main__":
    {name}()
"""


def children_left_by(hold: str, script: Path) -> list[int]:
    """The children of a process that was killed, run from `script`.

    `hold` is a function of a test module as `module.name`, which starts them, prints `ready` and waits.
    """
    here = Path(__file__).parent
    module, name = hold.split(".")
    script.write_text(_PARENT.format(here=str(here), module=module, name=name))
    environment = {**os.environ, "PYTHONPATH": str(here.parent)}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = children_of(parent.pid)
        parent.send_signal(signal.SIGKILL)
    assert children != []
    return children


def left_after_a_while(children: Iterable[int]) -> list[int]:
    until = time.monotonic() + ENDS_WITHIN
    while (left := [child for child in children if is_running(child)]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def children_of(pid: int) -> list[int]:
    """Its Python processes; the tracker of shared resources ends by itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        child = int(stat.parent.name)
        if is_running(child) and _fields(child)[1] == str(pid) and b"resource_tracker" not in _command(child):
            found.append(child)
    return found


def is_running(pid: int) -> bool:
    return _fields(pid)[0] not in ("", "Z")


def _fields(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ["", ""]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
