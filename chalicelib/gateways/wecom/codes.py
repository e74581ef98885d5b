"""WeCom's error codes, and what each one means for us. Nothing else looks at a code.

success     done, or done before
refresh     the token is no good: fetch another and call again, once
retry       the platform is busy: the same call may do better
delay       not yet: ask again in minutes
cool_down   called too often: nobody calls this API until the window is over
suspend     the account's secret is wrong: nobody calls with it, or the platform bans our address for everybody
business    an answer about this customer, staff member or content: record it
alarm       the deployment or the console must be put right first: keep the work, call somebody
bad_request our own mistake: record it, call somebody
"""

from typing import Literal

Decision = Literal["success", "refresh", "retry", "delay", "cool_down", "suspend", "business", "alarm", "bad_request"]

CODES: dict[Decision, tuple[int, ...]] = {
    "success": (0, 41051, 41093),
    "refresh": (40014, 42001),
    "retry": (-1, 6000, 41096, 45033),
    "delay": (41063, 41078, 41079),
    "cool_down": (45009,),
    "suspend": (40001, 40013, 40091),
    "business": (
        *(40003, 40068, 40071, 40096, 40097, 40098, 40099, 40100, 40129, 40130),
        *(41044, 41045, 41048, 41049, 41050, 41053, 41055, 41094, 43004, 60111, 81013, 84061, 90501),
        *(95001, 95002, 95007, 95013, 95014, 95016, 95018, 95019, 95031),
    ),
    "alarm": (
        *(40056, 40093, 41054, 41057, 42012, 48002, 48006, 50001, 50002, 50003, 60011, 60020, 60021),
        *(84074, 84084, 95017, 95023, 301002, 701008, 701099),
    ),
    "bad_request": (
        *(40007, 40008, 40033, 40058, 40063, 41001, 41035, 41036, 41037, 41038, 41039, 41040, 41041, 41042, 41043),
        *(41046, 41047, 41064, 41065, 41080, 41081, 41082, 41090, 45001, 45002, 81017, 95000, 95004),
    ),
}
DECISIONS: dict[int, Decision] = {code: decision for decision, codes in CODES.items() for code in codes}


def decision_of(code: int) -> Decision:
    """Return what a code means for us; one that nobody has listed is recorded and not tried again."""
    return DECISIONS.get(code, "business")


def is_listed(code: int) -> bool:
    """Whether somebody has decided about this code."""
    return code in DECISIONS
