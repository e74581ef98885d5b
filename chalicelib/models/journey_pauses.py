"""Pauses of journeys in the catalog: a row a journey, of its latest pause."""

from chalicelib.domain.journey_pause import JourneyPause
from chalicelib.models.catalog import CatalogRow

KIND = "paused"


def pauses() -> list[JourneyPause]:
    """Return every journey's latest pause, strongly consistent."""
    return [JourneyPause.model_validate_json(document) for _, document in CatalogRow.of_kind(KIND)]


def pause_of(journey: str) -> JourneyPause | None:
    """Return a journey's latest pause, strongly consistent; None when it never was paused."""
    document = CatalogRow.fetch(KIND, journey)
    return JourneyPause.model_validate_json(document) if document else None


def store(pause: JourneyPause, before: JourneyPause | None) -> None:
    """Write a journey's pause in place of `before`. Raises ConflictError when that is not the latest any more."""
    unchanged = CatalogRow.document == before.model_dump_json() if before else CatalogRow.id.does_not_exist()
    CatalogRow.put(KIND, pause.journey, pause.model_dump_json(), unchanged)
