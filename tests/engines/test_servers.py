"""Does the starter of real servers say what is missing, and does it leave nothing running?"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import server_plans
import servers


def test_a_java_is_known_by_its_own_statement(tmp_path: Path) -> None:
    (tmp_path / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="25.0.3"\n')
    assert server_plans.java_version(tmp_path) == 25
    assert server_plans.java_version(tmp_path / "none") == 0


def test_a_missing_java_is_one_sentence_and_exit_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server_plans, "java_version", lambda home: 17)
    assert servers.main(["true"]) == 1
    assert capsys.readouterr().err == (
        "Java 25 or newer was not found: install it (Temurin: temurin-25-jdk) or set JAVA_HOME.\n"
    )


def test_a_missing_maven_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(server_plans.Missing) as caught:
        server_plans.fetch(tmp_path, tmp_path / "wanted")
    assert str(caught.value) == "Maven was not found: install it (Debian, Ubuntu: apt install maven)."
    assert list(tmp_path.iterdir()) == []


def test_what_was_fetched_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert server_plans.fetch(tmp_path, tmp_path) == tmp_path


def test_no_command_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        servers.main(["--nodes", "3"])
    assert caught.value.code == 2
    assert "no command" in capsys.readouterr().err


def test_free_ports_are_different_and_among_those_asked_for() -> None:
    assert len(set(server_plans.free_ports(3))) == 3
    first, second, third = server_plans.adjoining_ports(3)
    assert 9211 <= first < 9299
    assert (second, third) == (first + 1, first + 2)


def test_a_server_ends_with_its_children(tmp_path: Path) -> None:
    launcher = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    process = subprocess.Popen([sys.executable, "-c", launcher], start_new_session=True)
    time.sleep(0.2)
    assert servers.group_lives(process.pid)
    servers.stop(servers.Server(server_plans.Plan([], {}, tmp_path, (), tmp_path / "log"), process))
    assert not servers.group_lives(process.pid)
