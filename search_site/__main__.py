"""What does `python -m search_site` do? The same as the command `credit-search`."""

from __future__ import annotations

import sys

from search_site.cli import main

if __name__ == "__main__":
    sys.exit(main())
