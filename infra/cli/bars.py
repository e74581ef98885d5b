"""A bar for a number: how much of the largest it is."""

WIDTH = 24
EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(part: int, whole: int, width: int = WIDTH) -> str:
    """Return a bar of at most `width` characters, to an eighth of one; nothing for what is not above 0."""
    if part <= 0 or whole <= 0:
        return ""
    eighths = max(1, min(part, whole) * width * 8 // whole)
    return f"{'█' * (eighths // 8)}{EIGHTHS[eighths % 8]}".rstrip()
