"""Which engine needs no server: tantivy indexes in a folder beside the site."""

from indexers.engines.embedded.engine import EmbeddedEngine, open_address

__all__ = ["EmbeddedEngine", "open_address"]
