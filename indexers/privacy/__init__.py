"""What of a record is personal, and what stands in its place before anything is kept or indexed?"""

from .guard import Privacy, PrivacyError, load_privacy

__all__ = ["Privacy", "PrivacyError", "load_privacy"]
