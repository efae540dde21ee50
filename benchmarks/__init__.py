"""How fast and how large: each figure beside a floor taken in the same run."""
