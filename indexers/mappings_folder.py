"""Where do the data files stand: in a deployer's folder, or in the one that ships with the project?"""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable


def open_mappings(directory: Traversable | None = None) -> Traversable:
    """The given folder (a Path is one), else the `mappings` package."""
    return files("mappings") if directory is None else directory
