"""Where do real Elasticsearch and OpenSearch servers for the tests come from, without containers?

    python tests/engines/servers.py [--nodes 3] [--older] pytest tests/engines

starts both on free ports of this machine, runs the command with their addresses in its environment, stops
them and ends as the command ended. Maven fetches them once, from Maven Central, into ENGINE_CACHE.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from server_plans import Missing, Plan, plan_servers

START = 180.0
"""Seconds a server may take on a busy machine; some 20 on a quiet one."""
STOP = 20.0
USER = "credit-engines"
"""Who runs the servers where the tests run as root, which Elasticsearch refuses."""

VARIABLES = {"elasticsearch": "ELASTICSEARCH_ADDRESS", "opensearch": "OPENSEARCH_ADDRESS"}


class Server(NamedTuple):
    """A process that was started (leader of its own group), as it was planned."""

    plan: Plan
    process: subprocess.Popen[bytes]


def main(arguments: list[str]) -> int:
    """Run a command beside both servers; its exit code, 1 when a server could not be had."""
    parser = argparse.ArgumentParser(prog="servers.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=1, help="of each product; default %(default)s")
    parser.add_argument("--older", action="store_true", help="the major version before the newest")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if not options.command:
        parser.error("no command")
    environment = dict(os.environ)
    try:
        with contextlib.ExitStack() as stack:
            for product, variable in VARIABLES.items():
                started = running(product, options.nodes, older=options.older)
                environment[variable], _ = stack.enter_context(started)
            return subprocess.run(options.command, env=environment, check=False).returncode
    except Missing as error:
        sys.stderr.write(f"{error}\n")
        return 1


@contextlib.contextmanager
def running(product: str, nodes: int = 1, *, older: bool = False) -> Iterator[tuple[str, list[Server]]]:
    """Start a product, wait until it answers, stop it at the end: its address, and its processes.

    Whoever restarts a process puts the new one into the list.
    """
    folder = Path(tempfile.mkdtemp(prefix="credit-engines-"))
    folder.chmod(0o711)
    servers: list[Server] = []
    try:
        plans = plan_servers(product, folder, nodes, older=older)
        hand_over(folder)
        servers.extend(start(plan) for plan in plans)
        for server in servers:
            wait_until_ready(server, nodes)
        user = f"{plans[0].user}@" if plans[0].user else ""
        hosts = ",".join(f"127.0.0.1:{port}" for plan in plans for port in plan.ports)
        yield f"{product}://{user}{hosts}", servers
    finally:
        for server in servers:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


# -- running and ending --------------------------------------------------------------------------------------


def start(plan: Plan) -> Server:
    """Start a process in a group of its own, never as root."""
    variables = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(plan.place),
        "LANG": "C.UTF-8",
        **plan.environment,
    }
    user = unprivileged_user()
    with plan.log.open("ab") as output:
        process = subprocess.Popen(
            plan.command,
            cwd=plan.place,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
    return Server(plan, process)


def hand_over(folder: Path) -> None:
    """Give a folder to whoever runs the servers."""
    user = unprivileged_user()
    for path in (folder, *folder.rglob("*")) if user else ():
        os.chown(path, user.pw_uid, user.pw_gid)


def unprivileged_user() -> pwd.struct_passwd | None:
    """The user that runs the servers where this is root, made where there is none; None for the present one."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(USER)
    done = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", USER], capture_output=True
    )
    if done.returncode:
        raise Missing(f"The user {USER} could not be made: {done.stderr.decode().strip()}")
    return pwd.getpwnam(USER)


def wait_until_ready(server: Server, nodes: int = 1) -> None:
    """Return once the server answers that all nodes and its shards are there; Missing with the end of its log."""
    path = f"/_cluster/health?wait_for_status=yellow&wait_for_nodes={nodes}&timeout=5s"
    request = urllib.request.Request(f"http://127.0.0.1:{server.plan.ports[0]}{path}")
    if server.plan.user:
        request.add_header("Authorization", f"Basic {base64.b64encode(server.plan.user.encode()).decode()}")
    end = time.monotonic() + START
    while time.monotonic() < end and server.process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=10) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    tail = server.plan.log.read_text(errors="replace")[-3000:]
    raise Missing(f"A server did not start; {server.plan.log.name} ends with:\n{tail}")


def stop(server: Server) -> None:
    """End a process with all its children: a launcher's id is not its server's."""
    for number, patience in ((signal.SIGTERM, STOP), (signal.SIGKILL, STOP)):
        if signal_all(server, number, patience):
            return


def kill(server: Server) -> None:
    """End it at once, as a lost machine does."""
    if not signal_all(server, signal.SIGKILL, STOP):
        raise Missing(f"The processes of {server.plan.log.stem} could not be killed.")


def signal_all(server: Server, number: int, patience: float) -> bool:
    """Send a signal to the whole process group; whether none of it is left some seconds later."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.process.pid, number)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        server.process.poll()
        if not group_lives(server.process.pid):
            return True
        time.sleep(0.02)
    return False


def group_lives(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    # The servers are ended on the way out; only here, since a handler holds for a whole process.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
