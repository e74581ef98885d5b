"""The envelope of WeChat's callbacks: signed with a token, encrypted with AES-256-CBC.

The plaintext is 16 random bytes, the message's length (four bytes, big-endian), the message, and the id of the
account that it is meant for; it is padded to a multiple of 32 bytes.
"""

import hashlib
import hmac
import secrets
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from chalicelib.schemas.wechat.refused import RefusedCallbackError

KEY_LENGTH = 43
BLOCK = 32
HEAD = 20


def sign(*parts: str) -> str:
    """Return the signature of texts, whatever their order."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def check(signature: str, *parts: str) -> None:
    """Raise RefusedCallbackError unless the signature is that of the parts, in a time that tells nothing."""
    if not hmac.compare_digest(sign(*parts).encode(), signature.encode("utf-8", "surrogatepass")):
        raise RefusedCallbackError("signature")


@dataclass(frozen=True)
class Sealed:
    """An encrypted message and what proves who encrypted it."""

    encrypt: str
    msg_signature: str
    timestamp: str
    nonce: str


@dataclass(frozen=True)
class Codec:
    """Opens and seals the messages of one account. `receive_id` is its corp id or appid."""

    token: str = field(repr=False)
    key: bytes = field(repr=False)
    receive_id: str

    @classmethod
    @lru_cache(maxsize=256)
    def of(cls, token: str, aes_key: str, receive_id: str) -> "Codec":
        """Return the codec of an account's settings.

        Raises ValueError when the EncodingAESKey is not 43 characters that stand for 32 bytes. Its last character
        may carry two bits that belong to nothing, so it is not decoded strictly.
        """
        key = b64decode(aes_key + "=") if len(aes_key) == KEY_LENGTH else b""
        if len(key) != 32:
            raise ValueError("an EncodingAESKey is 43 letters and digits")
        return cls(token, key, receive_id)

    @property
    def cipher(self) -> Cipher[modes.CBC]:
        """The cipher, new for each message."""
        return Cipher(algorithms.AES(self.key), modes.CBC(self.key[:16]))

    def open(self, sealed: Sealed) -> bytes:
        """Return the message. The signature comes first, so nobody without the token learns about the padding.

        Raises RefusedCallbackError.
        """
        check(sealed.msg_signature, self.token, sealed.timestamp, sealed.nonce, sealed.encrypt)
        decryptor = self.cipher.decryptor()
        return self.message_in(unpad(decryptor.update(ciphertext(sealed.encrypt)) + decryptor.finalize()))

    def message_in(self, plain: bytes) -> bytes:
        """Return the message of an unpadded plaintext that is meant for this account."""
        if len(plain) < HEAD:
            raise RefusedCallbackError("malformed")
        end = HEAD + int(struct.unpack(">I", plain[16:HEAD])[0])
        if end > len(plain):
            raise RefusedCallbackError("malformed")
        if not hmac.compare_digest(plain[end:], self.receive_id.encode()):
            raise RefusedCallbackError("receive_id")
        return plain[HEAD:end]

    def seal(self, message: bytes, timestamp: str, nonce: str, random: bytes | None = None) -> Sealed:
        """Return a message as WeChat would take it for an answer. `random` is 16 bytes, drawn unless given."""
        plain = (random or secrets.token_bytes(16)) + struct.pack(">I", len(message)) + message
        encryptor = self.cipher.encryptor()
        secret = encryptor.update(pad(plain + self.receive_id.encode())) + encryptor.finalize()
        encrypt = b64encode(secret).decode()
        return Sealed(encrypt, sign(self.token, timestamp, nonce, encrypt), timestamp, nonce)


def ciphertext(encoded: str) -> bytes:
    """Return the bytes of strict base64, which must be whole AES blocks."""
    try:
        decoded = b64decode(encoded, validate=True)
    except ValueError:
        raise RefusedCallbackError("malformed") from None
    if not decoded or len(decoded) % 16:
        raise RefusedCallbackError("malformed")
    return decoded


def pad(plain: bytes) -> bytes:
    """Return the plaintext filled up to whole blocks; an aligned one gets a whole block more."""
    missing = BLOCK - len(plain) % BLOCK
    return plain + bytes([missing]) * missing


def unpad(padded: bytes) -> bytes:
    """Return the plaintext without its padding."""
    size = padded[-1]
    if not 1 <= size <= BLOCK or not hmac.compare_digest(padded[-size:], bytes([size]) * size):
        raise RefusedCallbackError("padding")
    return padded[:-size]
