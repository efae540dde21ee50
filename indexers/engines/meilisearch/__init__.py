"""Which engine is a Meilisearch server?"""

from indexers.engines.meilisearch.access import grant_access
from indexers.engines.meilisearch.engine import MeilisearchEngine, open_address

__all__ = ["MeilisearchEngine", "grant_access", "open_address"]
