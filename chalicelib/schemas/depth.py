"""How deep a value is nested. Everything that goes through a value after it was read does so by recursion."""


def is_deeper(value: object, levels: int) -> bool:
    """Whether a value is nested deeper than a number of levels."""
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper(part, levels - 1) for part in parts)
