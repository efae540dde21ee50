"""Does anything say that a sheet is of the one list for which the template is that it fits?"""

from __future__ import annotations

import msgspec

from indexers.catalog import Catalog
from indexers.folding import fold_label
from indexers.headers import Fit
from indexers.label_words import LabelWords
from indexers.list_names import ListNames

_FEWEST_OF_A_LIST = 2
"""Labels that no sheet of another list has beside the rest: 企业名称, 列入日期, 列入机关 alone may be of any."""


class ListDoubt(msgspec.Struct, frozen=True):
    """Why a sheet is not taken for one of the list, in a sentence without its end; a column of lists may answer it."""

    sentence: str
    is_answered_by_column: bool = False


class ListDoubts:
    """Finds sheets whose title says another list, or that may be of any list or of none."""

    def __init__(self, catalog: Catalog, words: LabelWords) -> None:
        self._catalog = catalog
        self._words = words
        self._names = ListNames(catalog)

    def find(self, fit: Fit, titles: str) -> ListDoubt | None:
        """What speaks against the list of a template in a sheet with such titles; None if nothing does."""
        own = fit.template.constants.get("list", "")
        named = self._names.named_in(titles) if own else []
        if not own or own in named:
            return None
        if named:
            labels = "、".join(self._catalog.lists[key].label for key in named)
            return ListDoubt(f"标题说的是“{labels}”，列名却像“{fit.template.label}”")
        like = f"列名像“{fit.template.label}”"
        if fit.missing_required or self._own_labels(fit) < _FEWEST_OF_A_LIST:
            return ListDoubt(f"看不出是哪个名单：{like}，但标题没有这样说，列也不足以断定", True)
        if self._lacks_words(fit, titles):
            return ListDoubt(f"看不出是不是这个名单：{like}，但标题和列名都没有这样说")
        return None

    def _lacks_words(self, fit: Fit, titles: str) -> bool:
        """Whether the words of a grave kind are neither in the titles nor in the labels, nor each row says its list."""
        if any(column and column.to == "list" for column in fit.columns):
            return False
        doubt = self._words.doubt_of(fit.template.kind, " ".join([titles, *fit.header]))
        return doubt is not None and doubt.imports

    def _own_labels(self, fit: Fit) -> int:
        """How many of the labels a sheet of another list would not have, whichever it is that has the most of them."""
        mine = fit.template.constants["list"]
        pairs = zip(fit.header, fit.columns, strict=True)
        labels = {fold_label(label) for label, column in pairs if column}
        others = (t for t in self._catalog.templates.values() if t.constants.get("list") != mine)
        names = ({fold_label(name) for column in t.columns for name in column.names} for t in others)
        return min(len(labels - known) for known in names)
