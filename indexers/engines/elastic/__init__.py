"""Which engines are servers of the Elasticsearch family: one adapter for Elasticsearch and OpenSearch."""

from indexers.engines.elastic.access import grant_access
from indexers.engines.elastic.engine import ElasticEngine, open_address

__all__ = ["ElasticEngine", "grant_access", "open_address"]
