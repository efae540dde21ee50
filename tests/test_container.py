"""Is what runs in containers sound, as far as can be known without a container engine?"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import postgres
import pytest
import sqlalchemy as sa
from deliveries import code, profile, write_sheet
from ruamel.yaml import YAML

from indexers.errors import LedgerError
from indexers.ledger import Ledger
from search_site.cli import build_parser
from search_site.settings import load_settings

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")
MODEL: dict[str, Any] = YAML(typ="safe").load(TEXT)
SERVICES: dict[str, dict[str, Any]] = MODEL["services"]
OURS = {name: each for name, each in SERVICES.items() if "build" in each}
SERVERS = {name: each for name, each in SERVICES.items() if "build" not in each}
KEYS = {name: each for name, each in OURS.items() if name.startswith("keys-")}
PAPER = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ENTRYPOINT = ROOT / "docker" / "entrypoint"
SECONDS = 60.0
"""Far above what it takes: build machines are shared."""

_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)")
_IN_CODE = re.compile(r"`([^`\n]+)`")


# -- the file ---------------------------------------------------------------------------------------------------


def test_the_file_follows_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, str(COMPOSE)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def images() -> set[str]:
    base = re.findall(r"^ARG PYTHON=(.+)$", DOCKERFILE, re.MULTILINE)
    return {each["image"] for each in SERVICES.values()} | set(base)


def test_every_image_is_pinned_and_in_the_paper() -> None:
    in_paper = set(_IN_CODE.findall(PAPER))
    for image in images():
        assert re.search(r":v?\d+\.\d+", image), image
        assert image in in_paper
    assert {word for word in in_paper if re.fullmatch(r"[a-z./-]+:v?\d+\.[\w.-]+", word)} == images()


def test_every_variable_is_in_the_paper_and_in_the_example_and_no_other() -> None:
    used = {*_VARIABLE.findall(TEXT), "COMPOSE_PROFILES"}
    table = PAPER.partition("## Variables")[2].partition("All other settings")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in _IN_CODE.findall(row)} == used
    assert set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == used


def test_the_example_chooses_a_profile_and_the_defaults_of_the_file() -> None:
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    assert values.pop("COMPOSE_PROFILES") == "embedded"
    defaults = dict(re.findall(r"\$\{([A-Z_]+):-([^}]*)\}", TEXT))
    assert values == {name: defaults[name] for name in values}


def test_every_profile_is_in_the_paper() -> None:
    profiles = {name for each in SERVICES.values() for name in each.get("profiles", ())}
    assert profiles == {"embedded", "meilisearch", "elasticsearch", "opensearch", "postgresql"}
    assert profiles <= set(re.split(r"\W+", PAPER))


def test_only_the_site_has_a_port_on_the_host_and_ports_are_in_the_paper() -> None:
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["site"]
    inside = {*re.findall(r"@(?:meilisearch|elasticsearch|opensearch):(\d+)", TEXT), "8000"}
    assert inside == {"7700", "9200", "8000"}
    assert all(re.search(rf"\b{port}\b", PAPER) for port in inside)
    assert {option for each in SERVICES.values() for option in each.get("ports", ())} == {
        "${LISTEN:-127.0.0.1:8000}:8000"
    }


def test_the_servers_are_those_that_the_suite_runs_on() -> None:
    plans = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "engines").glob("server*.py")
    )
    for product in ("elasticsearch", "opensearch"):
        version = SERVERS[product]["image"].rpartition(":")[2]
        assert re.search(rf'"{re.escape(version)}(\.0)?"', plans), product


def test_our_containers_may_do_nothing_but_their_work() -> None:
    for name, each in OURS.items():
        assert each["read_only"] is True, name
        assert each["cap_drop"] == ["ALL"], name
        assert each["init"] is True, name
    for name, each in SERVICES.items():
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert each["mem_limit"], name
    users = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)
    assert users == ["10001"]


def test_every_service_that_goes_on_is_looked_at_and_started_again() -> None:
    for name, each in SERVICES.items():
        if name in KEYS:
            assert each["healthcheck"] == {"disable": True}
        else:
            assert each["restart"] == "unless-stopped", name
            assert name == "site" or each["healthcheck"]["test"], name
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD .*/healthz", DOCKERFILE, re.MULTILINE)
    for name in ("meilisearch", "elasticsearch", "opensearch"):
        assert set(SERVERS[name]["ulimits"]) == {"memlock", "nofile"}


def test_the_site_reaches_neither_the_ledger_nor_the_keys_of_the_desk() -> None:
    site, desk = SERVICES["site"], SERVICES["desk"]
    assert set(site["networks"]) & set(SERVICES["postgresql"]["networks"]) == set()
    assert [volume for volume in site["volumes"] if volume.startswith(("ledger", "desk-keys"))] == []
    assert "environment" not in site
    assert "site-keys:/keys:ro" in site["volumes"]
    assert "desk-keys:/keys:ro" in desk["volumes"]
    secrets = {name for name in _VARIABLE.findall(TEXT) if name.endswith(("PASSWORD", "_KEY"))}
    assert not any(secret in str(each) for secret in secrets for each in (site, desk))


def test_what_is_kept_and_what_is_connected_is_declared() -> None:
    volumes = [
        str(volume).partition(":")[0] for each in SERVICES.values() for volume in each.get("volumes", ())
    ]
    assert {volume for volume in volumes if volume[0] not in "./$"} == set(MODEL["volumes"])
    networks = {network for each in SERVICES.values() for network in each["networks"]}
    assert networks - {"default"} == set(MODEL["networks"])
    assert all(network == {"internal": True} for network in MODEL["networks"].values())
    for name, each in SERVICES.items():
        assert set(each.get("depends_on", ())) <= set(SERVICES), name


def test_every_command_can_be_typed() -> None:
    commands = [each["command"] for each in OURS.values()]
    commands.append(json.loads(re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)[0]))
    for command in commands:
        if command != ["follow"]:
            build_parser().parse_args(command)
    assert SERVICES["desk"]["healthcheck"]["test"] == ["CMD", ENTRYPOINT.name, "status"]


def test_secrets_of_the_operator_go_into_no_image_and_no_commit() -> None:
    for name in (".dockerignore", ".gitignore"):
        ignored = {line.rstrip("/") for line in (ROOT / name).read_text().splitlines()}
        assert {".env", "site.env", "inbox"} <= ignored


# -- what runs inside -------------------------------------------------------------------------------------------


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the entrypoint as a container would, in a folder in place of /data; ended with the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_SEARCH_")}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    started: list[subprocess.Popen[bytes]] = []

    def start_one(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        inside = {
            "PATH": programs,
            "KEYS_FILE": str(tmp_path / "keys" / "engine.toml"),
            "INBOX": str(tmp_path),
        }
        with (tmp_path / "output.txt").open("ab") as output:
            process = subprocess.Popen(
                [ENTRYPOINT, *arguments],
                cwd=tmp_path,
                env={**kept, **inside, **environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start_one
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def fetch(url: str) -> str:
    try:
        with urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
    except URLError:
        return ""


def test_what_is_laid_into_the_inbox_is_on_the_site_without_a_command(
    start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "0 broken.xlsx").write_bytes(b"\x00\x01\x02" * 99)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    ledger = f"sqlite:///{tmp_path / 'ledger.db'}"
    desk = start("follow", INBOX=str(inbox), PAUSE="0.2", CREDIT_SEARCH_LEDGER=ledger)
    start("serve", "--port", port)
    wait_for(lambda: '"ready"' in fetch(f"http://127.0.0.1:{port}/readyz"))
    assert (tmp_path / "index" / "pointer.json").is_file()
    sheet = write_sheet(tmp_path / "whole.csv", [profile("鹿乡一号食品有限公司", 1)])
    sheet.rename(inbox / "subjects.csv")
    wait_for(lambda: "鹿乡一号食品有限公司" in fetch(f"http://127.0.0.1:{port}/s/{code(1)}"))
    os.kill(desk.pid, signal.SIGTERM)
    assert desk.wait(SECONDS) == 0


def test_a_command_runs_with_the_keys_that_were_written(
    start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    files = {name: tmp_path / name / "engine.toml" for name in ("keys", "other")}
    made = start(
        *("keys", "--site", str(files["keys"]), "--desk", str(files["other"])),
        CREDIT_SEARCH_ENGINE=f"embedded:{tmp_path / 'granted'}",
    )
    assert made.wait(SECONDS) == 0
    ledger = f"sqlite:///{tmp_path / 'ledger.db'}"
    assert start("sync", CREDIT_SEARCH_LEDGER=ledger).wait(SECONDS) == 0
    assert (tmp_path / "granted" / "pointer.json").is_file()
    named = start("status", CREDIT_SEARCH_ENGINE=f"embedded:{tmp_path / 'empty'}")
    assert named.wait(SECONDS) == 1


def test_what_the_image_names_is_a_setting() -> None:
    (setting,) = re.findall(r"^ENV (CREDIT_SEARCH_\w+)=(\S+)", DOCKERFILE, re.MULTILINE)
    assert load_settings(dict([setting])).ledger == "sqlite:////data/ledger/ledger.db"
    assert f"{setting[0]}: ${{{setting[0]}:-{setting[1]}}}" in TEXT


@pytest.fixture
def made_ledger(postgresql: sa.URL) -> Iterator[sa.URL]:
    """What docker/create-ledger.sh makes on a new server."""
    programs = postgres.find_programs()
    assert programs is not None
    environment = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": str(postgresql.query["host"]),
        "POSTGRES_USER": str(postgresql.username),
        "LEDGER_PASSWORD": "it's a password",
    }
    script = str(ROOT / "docker" / "create-ledger.sh")
    admin = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    try:
        done = subprocess.run([script], env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        yield postgresql.set(username="credit", database="credit")
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text("DROP DATABASE IF EXISTS credit WITH (FORCE)"))
            connection.execute(sa.text("DROP ROLE IF EXISTS credit"))


def test_the_account_of_the_ledger_has_its_database_and_nothing_else(
    made_ledger: sa.URL, postgresql: sa.URL
) -> None:
    Ledger(made_ledger.render_as_string()).close()
    admin = sa.create_engine(postgresql, poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        rights = connection.execute(
            sa.text(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolpassword LIKE 'SCRAM%'"
                " FROM pg_authid WHERE rolname = 'credit'"
            )
        ).one()
        assert tuple(rights) == (False, False, False, False, False, True)
        connection.execute(sa.text("CREATE ROLE stranger LOGIN"))
        connection.commit()
        try:
            with pytest.raises(LedgerError, match="permission denied"):
                Ledger(made_ledger.set(username="stranger").render_as_string())
        finally:
            connection.execute(sa.text("DROP ROLE stranger"))
            connection.commit()


def test_the_scripts_can_be_run() -> None:
    for script in (ENTRYPOINT, ROOT / "docker" / "create-ledger.sh"):
        assert os.access(script, os.X_OK)
        shell = shutil.which("dash") or "sh"
        subprocess.run([shell, "-n", script], check=True, timeout=10)
