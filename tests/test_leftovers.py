"""What is left of a typed text when a part of it becomes a filter?"""

from __future__ import annotations

import pytest

from indexers.leftovers import text_without


@pytest.mark.parametrize(
    ("text", "part", "rest"),
    [
        ("食品 2025年 罚款", "2025年", "食品 罚款"),
        ("2025年罚款", "2025年", "罚款"),
        ("鲤楠餐饮配送服务(辽源)有限公司", "辽源", "鲤楠餐饮配送服务有限公司"),
        ("鲤楠餐饮（ 辽源 ）有限公司", "辽源", "鲤楠餐饮有限公司"),
        ("鲤楠餐饮（辽源分店）", "辽源", "鲤楠餐饮（ 分店）"),
        ("（） 鲤楠 2025年", "2025年", "鲤楠"),
        ("罚款5万以上的公司", "5万以上", "罚款 公司"),
        ("罚款5万以上的食品公司", "5万以上", "罚款 食品公司"),
        ("龙山区的士公司", "龙山区", "的士公司"),
        ("龙山区的的士公司", "龙山区", "的士公司"),
        ("龙山区 的哥之家", "龙山区", "的哥之家"),
        ("辽源的", "辽源", ""),
        ("辽源的？", "辽源", ""),
        ("美的 行政处罚", "行政处罚", "美的"),
        ("（2025年）", "2025年", ""),
        ("2025年？", "2025年", ""),
    ],
)
def test_the_rest_is_as_somebody_would_have_typed_it(text: str, part: str, rest: str) -> None:
    start = text.index(part)
    assert text_without(text, start, start + len(part)) == rest
