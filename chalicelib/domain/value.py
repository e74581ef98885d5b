"""What every value of the domain has in common."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value. Stored values may carry attributes of a newer version, which are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
