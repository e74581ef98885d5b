"""Wire formats: what others send us and what our own messages carry, a file per source."""
