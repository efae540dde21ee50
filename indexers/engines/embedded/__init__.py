"""Which engine needs no server: tantivy indexes in a folder beside the site."""

from indexers.engines.embedded.access import grant_access
from indexers.engines.embedded.engine import EmbeddedEngine, open_address

__all__ = ["EmbeddedEngine", "grant_access", "open_address"]
