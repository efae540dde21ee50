"""Where does an answer differ from the schema it is described with? Strict: what is not described is a fault."""

from __future__ import annotations

from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}

PARAMETERS = (
    "q", "type", "region", "subject", "from", "to", "fine_from", "fine_to", "sort", "page", "size",
)  # fmt: skip
"""What a search may be asked with, beside the facets of its type."""


def differences(value: Any, schema: dict[str, Any], known: dict[str, Any], at: str = "$") -> list[str]:
    """Every place of `value` that `schema` does not describe; `known` holds the named schemas."""
    if "$ref" in schema:
        return differences(value, known[schema["$ref"].removeprefix("#/components/schemas/")], known, at)
    if "anyOf" in schema:
        tried = [differences(value, each, known, at) for each in schema["anyOf"]]
        return min(tried, key=len)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    wanted = _TYPES.get(schema.get("type", ""), object)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        return [f"{at}: {value!r} is no {schema['type']}"]
    if isinstance(value, dict):
        return _of_object(value, schema, known, at)
    if isinstance(value, list):
        return _of_array(value, schema, known, at)
    return []


def _of_object(value: dict[str, Any], schema: dict[str, Any], known: dict[str, Any], at: str) -> list[str]:
    described = schema.get("properties", {})
    found = [f"{at}: {key} is missing" for key in schema.get("required", ()) if key not in value]
    for key, each in value.items():
        inner = described.get(key, schema.get("additionalProperties"))
        found += (
            differences(each, inner, known, f"{at}.{key}") if inner else [f"{at}: {key} is not described"]
        )
    return found


def _of_array(value: list[Any], schema: dict[str, Any], known: dict[str, Any], at: str) -> list[str]:
    by_place = schema.get("prefixItems")
    if by_place and len(by_place) != len(value):
        return [f"{at}: {len(value)} items instead of {len(by_place)}"]
    inner = by_place or [schema["items"]] * len(value)
    return [
        difference
        for place, (each, expected) in enumerate(zip(value, inner, strict=True))
        for difference in differences(each, expected, known, f"{at}[{place}]")
    ]
