"""How an integrator names a person."""

import hashlib
import re

from pydantic import Field, model_validator

from chalicelib.schemas.foreign import Foreign

SCOPE = re.compile(r"[A-Za-z0-9_-]{1,64}")
PUNCTUATION = re.compile(r"[\s().-]")
MAINLAND = re.compile(r"1\d{10}")
E164 = re.compile(r"\+[1-9]\d{6,14}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class ExternalId(Foreign):
    """An identity of the same person elsewhere. Types that Chaoxi does not know are accepted and not used."""

    id: str = Field(min_length=1, max_length=256, description="The identity's value.")
    type: str = Field(
        description="`wecom_external_userid`, `openid`, `unionid` or `phone`; anything else is accepted and not used."
    )
    collection: str | None = Field(
        None, description="What the value is unique in: the corp id of a wecom_external_userid, the appid of an openid."
    )
    encoding: str | None = Field(
        None,
        description="`none`, or `sha256` for a phone whose hash is sent: 64 hexadecimal digits of the hash of E.164.",
    )

    @model_validator(mode="after")
    def is_usable(self) -> "ExternalId":
        """Raise ValueError for a known type that cannot be an identity: to pass over it would lose a person."""
        _ = self.identity
        return self

    @property
    def identity(self) -> str | None:
        """The identity as it is stored; None for a type that is not used."""
        match self.type:
            case "wecom_external_userid":
                return f"wecom:{self.scope('corp id')}:{self.id}"
            case "openid":
                return f"openid:{self.scope('appid')}:{self.id}"
            case "unionid":
                return f"unionid:{self.id}"
            case "phone":
                return f"phone:{self.id.lower() if self.is_hash else hash_of_phone(self.id)}"
        return None

    @property
    def is_hash(self) -> bool:
        """Whether a phone comes as its hash."""
        if self.encoding != "sha256":
            return False
        if not SHA256.fullmatch(self.id.lower()):
            raise ValueError("a sha256 is 64 hexadecimal digits")
        return True

    def scope(self, what: str) -> str:
        """Return what the value is unique in. `users` is what SDKs write when they were told nothing."""
        if not self.collection or self.collection == "users" or not SCOPE.fullmatch(self.collection):
            raise ValueError(f"collection has to be the {what}")
        return self.collection


def hash_of_phone(number: str) -> str:
    """Return the SHA-256 of a number in E.164, e.g. +8613800000000; 11 digits from 1 are of mainland China.

    Raises ValueError for what is not a number.
    """
    digits = PUNCTUATION.sub("", number)
    full = f"+86{digits}" if MAINLAND.fullmatch(digits) else digits
    if not E164.fullmatch(full):
        raise ValueError("a phone is written in E.164, e.g. +8613800000000")
    return hashlib.sha256(full.encode()).hexdigest()
