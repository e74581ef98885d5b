"""`publish`: checks a playbook file and makes it live."""

from argparse import Namespace

from chalicelib.services.publish_playbook import publish_playbook
from infra.cli.connect import Connection
from infra.cli.screen import say, say_json
from infra.playbook_file import load


def run(chosen: Namespace, connection: Connection) -> int:
    """Publish a whole file or nothing of it."""
    playbook = publish_playbook(load(chosen.file))
    if chosen.json:
        say_json({"playbook": playbook.id, "version": playbook.version, "stack": connection.stack})
    else:
        say(f"{playbook.reference} is live in {connection.stack}; running functions see it within half a minute")
    return 0
