"""What others send us."""

from pydantic import BaseModel, ConfigDict


class Foreign(BaseModel):
    """A third party's fields: it adds some without notice, and they are ignored. No error repeats what was sent.

    There are many kinds, and a function that starts sees one of them: each is built when it first comes.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True, defer_build=True
    )
