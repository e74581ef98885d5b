"""Stored items, a file per table. Races and duplicates are settled here, by conditions."""
