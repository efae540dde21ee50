"""What is configured here: kinds, lists, settings?"""

from __future__ import annotations

import argparse

from indexers.catalog import load_catalog
from indexers.mappings_loading import load_mappings
from search_site.cli_output import write_json, write_line
from search_site.settings import describe_settings, load_settings


def kinds(options: argparse.Namespace) -> int:
    """Every kind with its templates, once every data file is found in order."""
    catalog = load_mappings(load_settings().mappings_folder)
    rows = [
        {
            "kind": kind.key,
            "label": kind.label,
            "collection": kind.collection,
            "public": kind.public,
            "publicity": kind.publicity,
            "templates": [template.key for template in catalog.templates_of(kind.key)],
        }
        for kind in sorted(catalog.kinds.values(), key=lambda k: (k.collection, k.group, k.order, k.key))
    ]
    if options.json:
        write_json(rows)
        return 0
    for row in rows:
        public = "" if row["public"] else "（不公开）"
        write_line(f"{row['kind']}  {row['label']}{public}")
    return 0


def lists(options: argparse.Namespace) -> int:
    """Every red and black list."""
    catalog = load_catalog(load_settings().mappings_folder)
    rows = [
        {
            "list": entry.key,
            "label": entry.label,
            "polarity": entry.polarity,
            "kind": entry.kind,
            "authority": entry.authority,
            "sector": entry.sector,
            "public": entry.public,
        }
        for entry in sorted(catalog.lists.values(), key=lambda e: (e.polarity, e.order, e.key))
    ]
    if options.json:
        write_json(rows)
        return 0
    for row in rows:
        write_line(f"{row['list']}  {row['label']}  {catalog.choices['polarity'][str(row['polarity'])]}")
    return 0


def settings(options: argparse.Namespace) -> int:
    """Every setting with its present value; passwords and keys in addresses are masked."""
    current = load_settings()
    rows = [
        {
            "setting": setting.name,
            "variable": setting.variable,
            "value": setting.shown(getattr(current, setting.name)),
            "default": setting.default,
            "help": setting.help,
        }
        for setting in describe_settings()
    ]
    if options.json:
        write_json(rows)
        return 0
    for row in rows:
        write_line(f"{row['variable']}={row['value']}  {row['help']}（默认 {row['default']!r}）")
    return 0
