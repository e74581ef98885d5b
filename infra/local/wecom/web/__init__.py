"""The world behind HTTP."""
