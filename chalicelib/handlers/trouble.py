"""What an HTTP handler answers with 5xx: nothing can be promised, so the sender has to come again."""

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.errors import TransientError

TROUBLE = (TransientError, BotoCoreError, ClientError, PynamoDBException)
