"""Which engine is a Meilisearch server?"""

from indexers.engines.meilisearch.engine import MeilisearchEngine, open_address

__all__ = ["MeilisearchEngine", "open_address"]
