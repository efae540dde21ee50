"""What of a record is personal, and what stands in its place before anything is kept or indexed?"""

from .beside_party import LONGEST_CELL
from .guard import Privacy, load_privacy
from .notations import ODD_DIGITS

__all__ = ["LONGEST_CELL", "ODD_DIGITS", "Privacy", "load_privacy"]
