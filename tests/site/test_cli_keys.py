"""Does `credit-search keys` leave two settings files that only their owner can read, and say no secret?"""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from search_site.cli import main
from search_site.settings import load_settings


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", f"embedded:{tmp_path / 'index'}")
    return tmp_path / "site" / "engine.toml", tmp_path / "desk" / "engine.toml"


def keys(files: tuple[Path, Path], *more: str) -> int:
    return main(["keys", "--site", str(files[0]), "--desk", str(files[1]), *more])


def test_both_files_are_settings_for_their_owner_alone(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert keys(files) == 0
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert load_settings({"CREDIT_SEARCH_CONFIG": str(file)}).engine == f"embedded:{tmp_path / 'index'}"
        assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_it_can_be_asked_again(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert keys(files) == 0
    capsys.readouterr()
    assert keys(files, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"site": str(files[0]), "desk": str(files[1])}


def test_where_the_files_are_is_said_and_no_address(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    keys(files)
    told = capsys.readouterr()
    assert all(f"CREDIT_SEARCH_CONFIG={file}" in told.out for file in files)
    assert "embedded" not in told.out + told.err


@pytest.mark.parametrize("held", ['site_name = "信用查询"\n', "engine = 1\n", "no toml\n"])
def test_a_file_with_anything_else_is_not_written_over(
    files: tuple[Path, Path], held: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files[1].parent.mkdir()
    files[1].write_text(held, encoding="utf-8")
    assert keys(files) == 2
    assert str(files[1]) in capsys.readouterr().err
    assert files[1].read_text(encoding="utf-8") == held
    assert not files[0].exists()


def test_a_place_that_cannot_be_written_is_named(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert keys((tmp_path / "file" / "engine.toml", files[1])) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
