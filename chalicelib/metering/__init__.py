"""What an invocation used, and on whose behalf: measured while it runs, printed as one usage line when it ends.

A record is taken in a scope (`record`). Whoever learns what the record is about names the scope (`name`, or `share`
where one call serves several journeys), and everything that the scope used, before and after, belongs to that key.
What was used outside any named scope is shared. Money is split elsewhere, by the ledger.
"""

from chalicelib.metering.keys import DIMENSIONS, SHARED, Key, key_of
from chalicelib.metering.meter import called, dropped, name, record, share, taken, waiting
from chalicelib.metering.middleware import meter_invocation

__all__ = [
    "DIMENSIONS",
    "SHARED",
    "Key",
    "called",
    "dropped",
    "key_of",
    "meter_invocation",
    "name",
    "record",
    "share",
    "taken",
    "waiting",
]
