"""The errors of Chaoxi. A branch of the tree is a decision.

ChaoxiError
├── PermanentError      retrying cannot help: answer 4xx, or keep the record with its reason and go on
│   └── UnknownAccountError
└── TransientError      retrying may help: raise it, and let the input be delivered again
    └── ConflictError   somebody else wrote the row first: read it again and decide again
"""


class ChaoxiError(Exception):
    """Any error that Chaoxi raises on purpose; its text is for people."""


class PermanentError(ChaoxiError):
    """Retrying cannot help."""


class UnknownAccountError(PermanentError):
    """No touch-point account of that name is configured."""


class TransientError(ChaoxiError):
    """Retrying may help."""


class ConflictError(TransientError):
    """Somebody else wrote the row first."""
