"""What do the title and the labels of a sheet say against taking in its rows as records?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from indexers.catalog import Catalog
from indexers.headers import Fit
from indexers.privacy import Privacy
from indexers.readers import Row, Sheet
from indexers.sheet_words import load_sheet_words


def titles_of(sheet: Sheet, top: Sequence[Row], header_row: int) -> list[str]:
    """What a sheet is called: by its file, by its own name, by the cells above its header."""
    above = [cell for number, cells in top if number < header_row and not sheet.header for cell in cells]
    return [Path(sheet.file).stem, sheet.name, *above]


_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et"})


def unlike_its_name(sheet: Sheet) -> str:
    """The end of a sentence on a text that is called like a workbook, so that its header is unknown; else ""."""
    suffix = Path(sheet.file).suffix.lower()
    if not sheet.is_cut_at_signs or suffix not in _WORKBOOKS:
        return ""
    kind = suffix[1:].upper()
    return f"。文件名以 {suffix} 结尾，内容却不是 {kind} 表格，已当作文本读；请用表格软件另存为 {kind} 再交"


class TitleObjections:
    """Finds titles of records that were taken down or never decided; `is_answered`: the clerk named the kind."""

    def __init__(self, catalog: Catalog, privacy: Privacy, *, is_answered: bool) -> None:
        self._catalog = catalog
        self._privacy = privacy
        self._words = load_sheet_words(catalog.directory)
        self._is_answered = is_answered

    def find(self, fit: Fit, titles: Sequence[str]) -> tuple[str, str] | None:
        """The rule and a sentence where the records of a sheet cannot be new ones; None if nothing says so."""
        if not self._tells_ends(fit) and (ended := self.of_ended(titles)):
            return "ended", ended
        undecided = self._of_undecided(fit, titles)
        return ("undecided", undecided) if undecided else None

    def of_ended(self, titles: Sequence[str]) -> str:
        """A sentence where a title says that the records were taken down; else ""."""
        title = next(filter(self._words.is_title_of_ended, titles), "")
        if not title or self._is_answered:
            return ""
        return (
            f"“{self._shown(title)}”说的是已经撤下的记录，不是新的记录；"
            "请用变更表（credit-search template events）报送，确是新记录的，用 --kind 指明类别"
        )

    def _of_undecided(self, fit: Fit, titles: Sequence[str]) -> str:
        """A sentence where a title or a label says that nothing was decided yet; else "". No answer makes it so."""
        if self._catalog.kinds[fit.template.kind].collection != "records":
            return ""
        read = (label for label, column in zip(fit.header, fit.columns, strict=True) if column and column.to)
        labels = filter(self._words.is_label_of_undecided, read)
        said = next(chain(filter(self._words.is_title_of_undecided, titles), labels), "")
        if not said:
            return ""
        return f"“{self._shown(said)}”说的是还没有作出的决定，不能公示；请等决定作出以后，改去这样的字样再交"

    def _tells_ends(self, fit: Fit) -> bool:
        """Whether each row says itself if its record has ended, or there is nothing in the sheet that can end."""
        kind = self._catalog.kinds[fit.template.kind]
        has_column = any(column and column.to in kind.ends_on for column in fit.columns)
        return has_column or kind.collection != "records"

    def _shown(self, title: str) -> str:
        return self._privacy.scrub(" ".join(title.split()))
