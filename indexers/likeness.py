"""Can two names be those of one organisation, written shorter, by another form or after a change?"""

from __future__ import annotations

from collections import Counter

from indexers.analysis import Analyzer


def may_be_one(analyzer: Analyzer, name: str, other: str) -> bool:
    """Whether two names, in normal form, have so much in common that one code may be behind both.

    Region, legal form and bracketed regions aside: one is short for the other (its characters stand in it in their
    order), or they share half of the characters of the shorter one.
    """
    core, other_core = analyzer.core(name) or name, analyzer.core(other) or other
    if _stands_in(core, other) or _stands_in(other_core, name):
        return True
    return 2 * (Counter(core) & Counter(other_core)).total() >= min(len(core), len(other_core))


def _stands_in(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)
