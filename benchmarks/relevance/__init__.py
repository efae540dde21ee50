"""Does a visitor find the right business first? Judged queries with mistakes as people make them."""
