"""On whose behalf something was used."""

DIMENSIONS = ("account", "journey", "stage", "step", "content", "staff")

# The known dimensions and their values, in the order of DIMENSIONS.
Key = tuple[tuple[str, str], ...]
SHARED: Key = ()


def key_of(**named: str) -> Key:
    """Return the key of some dimensions; an empty value is an unknown one. Raises ValueError for other dimensions."""
    if strangers := sorted(named.keys() - set(DIMENSIONS)):
        raise ValueError(f"{', '.join(strangers)}: the dimensions are {', '.join(DIMENSIONS)}")
    return tuple((dimension, named[dimension]) for dimension in DIMENSIONS if named.get(dimension))
