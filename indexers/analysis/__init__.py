"""How do documents and queries become the same terms? The one analysis that every engine relies on."""

from indexers.analysis.analyzer import ANALYZER_VERSION, Analyzer, load_analyzer
from indexers.analysis.names import EDGE_LENGTH, GAP, NAME_LENGTH, NameTerms, to_grams, whole_initials
from indexers.analysis.pinyin import sounds_alike, split_syllables, syllable_bigrams, syllable_splits
from indexers.analysis.places import Place
from indexers.analysis.queries import CODE_LENGTH, WORD_LIMIT, Part, QueryTerms
from indexers.analysis.tokens import HMM

__all__ = [
    "ANALYZER_VERSION",
    "CODE_LENGTH",
    "EDGE_LENGTH",
    "GAP",
    "HMM",
    "NAME_LENGTH",
    "WORD_LIMIT",
    "Analyzer",
    "NameTerms",
    "Part",
    "Place",
    "QueryTerms",
    "load_analyzer",
    "sounds_alike",
    "split_syllables",
    "syllable_bigrams",
    "syllable_splits",
    "to_grams",
    "whole_initials",
]
