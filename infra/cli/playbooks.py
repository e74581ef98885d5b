"""`playbooks`: which are there, and which version of each is live."""

from argparse import Namespace

from chalicelib.models.playbooks import live_versions, published
from infra.cli.connect import Connection
from infra.cli.screen import say_json, show_table


def run(chosen: Namespace, connection: Connection) -> int:
    """List the live playbooks."""
    live = [published(name, version) for name, version in live_versions()]
    if chosen.json:
        fields = {"id", "version", "name", "zone"}
        journeys = [[journey.id for journey in one.journeys] for one in live]
        told = [one.model_dump(mode="json", include=fields) for one in live]
        say_json([one | {"journeys": names} for one, names in zip(told, journeys, strict=True)])
    else:
        rows = [(one.reference, one.name, one.zone, ", ".join(journey.id for journey in one.journeys)) for one in live]
        show_table(f"live in {connection.stack}", ("playbook", "name", "zone", "journeys"), rows)
    return 0
