import json
import logging
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from indexers.workdays import CalendarError, WorkCalendar, load_calendar

CALENDAR = load_calendar()
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def write_year(folder: Path, name: str, **content: object) -> None:
    body = {"source": "通知", "off_days": [], "work_days": []} | content
    (folder / "calendar").mkdir(exist_ok=True)
    (folder / "calendar" / name).write_text(json.dumps(body, ensure_ascii=False), "utf-8")


def test_every_day_of_the_shipped_years_agrees_with_chinesecalendar() -> None:
    ours = [CALENDAR.is_working_day(day) for day in ALL_DAYS]
    assert ours == [chinese_calendar.is_workday(day) for day in ALL_DAYS]


def test_the_shipped_years_are_2023_to_2026() -> None:
    assert CALENDAR.years == (2023, 2024, 2025, 2026)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 24), 7, date(2026, 10, 12)),
        (date(2026, 9, 24), 15, date(2026, 10, 22)),
        (date(2026, 2, 10), 5, date(2026, 2, 24)),
        (date(2026, 10, 3), 0, date(2026, 10, 3)),
        (date(2026, 10, 12), -7, date(2026, 9, 24)),
    ],
)
def test_working_days_are_added_over_holidays_and_worked_weekends(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end


def test_a_year_without_a_file_is_monday_to_friday_and_warned_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    calendar = WorkCalendar({})
    with caplog.at_level(logging.WARNING):
        days = [calendar.is_working_day(date(2027, 2, day)) for day in range(1, 8)]
    assert days == [True] * 5 + [False] * 2
    assert [record.getMessage() for record in caplog.records] == [
        "no working-day calendar for 2027: Monday to Friday are taken as working days"
    ]


def test_a_year_is_added_by_putting_its_file_into_the_folder(tmp_path: Path) -> None:
    write_year(tmp_path, "2027.json", off_days=["2027-02-08"], work_days=["2027-02-06"])
    (tmp_path / "calendar" / "README.md").write_text("notes", "utf-8")
    calendar = load_calendar(tmp_path)
    assert calendar.years == (2027,)
    assert calendar.add_working_days(date(2027, 2, 5), 2) == date(2027, 2, 9)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("2027.json", {"off_days": ["2026-02-08"]}, "off_days：2026-02-08 不在 2027 年"),
        ("2027.json", {"work_days": ["2027-02-08"]}, "work_days: 2027-02-08 不是周末"),
        (
            "2027.json",
            {"off_days": ["2027-02-06"], "work_days": ["2027-02-06"]},
            "2027-02-06 同时出现在 off_days 和 work_days",
        ),
        ("2027.json", {"off_days": ["2027-02-08", "2027-02-08"]}, "off_days：2027-02-08 重复"),
        ("2027.json", {"source": " "}, "source 不能为空"),
        ("2027.json", {"holidays": []}, "unknown field `holidays`"),
        ("2027.json", {"off_days": ["2027-02-30"]}, "Invalid RFC3339"),
        ("next.json", {}, "文件名应为四位年份"),
    ],
)
def test_a_faulty_file_is_refused_by_name(
    tmp_path: Path, name: str, content: dict[str, object], fault: str
) -> None:
    write_year(tmp_path, name, **content)
    with pytest.raises(CalendarError) as refused:
        load_calendar(tmp_path)
    assert name in str(refused.value)
    assert fault in str(refused.value)


def test_the_faults_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    write_year(tmp_path, "2027.json", source="")
    write_year(tmp_path, "2028.json", work_days=["2028-02-08"])
    with pytest.raises(CalendarError, match=r"(?s)2027\.json.*2028\.json"):
        load_calendar(tmp_path)


def test_a_folder_without_calendars_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="calendar：没有这个文件夹"):
        load_calendar(tmp_path)
