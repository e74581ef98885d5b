"""Where the imitation ends. These are no Exceptions: no function's error policy may eat them, they end the test."""


class UndefinedInTheCloudError(BaseException):
    """Nobody can say what the cloud would do with this."""


class NotImitatedError(BaseException):
    """The cloud can do this, the harness cannot."""
