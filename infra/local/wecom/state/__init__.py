"""What a world remembers."""
