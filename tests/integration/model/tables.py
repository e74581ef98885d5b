"""What must be in the tables and queues."""

import json
from collections import Counter

from tests.integration.model.scene import Scene

OUR_OWN = ("chaoxi", "operator")


def is_stored_what_was_told(scene: Scene) -> None:
    """Every event whose sender was told that it is kept is kept, and nothing else."""
    documents = (json.loads(row["document"]) for row in scene.rows("behaviours"))
    found = Counter((one["subject"], one["name"]) for one in documents if one["source"] not in OUR_OWN)
    assert found == scene.stored, (found, scene.stored)


def nothing_is_set_aside(scene: Scene) -> None:
    """No record lies in a failure queue: every fault passes."""
    names = [name for name in scene.cloud.stack.environments if name != "api_handler"]
    left = {name: messages for name in names if (messages := scene.cloud.failures(name))}
    assert not left, left
