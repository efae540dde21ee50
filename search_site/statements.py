"""Which sentences about itself does the site say wherever they belong, always in the same words?"""

from __future__ import annotations

import msgspec


class Statements(msgspec.Struct, frozen=True):
    """What templates print as `site.says.<name>`."""

    held: str = "本站只有各机关送来、仍在公示期内的信息。"
    nothing_means: str = "没有查到记录不等于没有失信行为，也不是信用证明。"
    no_persons: str = "本站只查单位，不公示也不查询自然人"
    no_scores: str = "本站不评分、不评级"


SAYS = Statements()
