"""Invented demo data in the official formats: a generator, and the files that it makes (`data`, `dirty`)."""

from samples.bulk import generate_penalties

__all__ = ["generate_penalties"]
