"""What the data is: kinds, lists, fields, periods, regions and words, as data files only."""
