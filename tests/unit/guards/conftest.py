"""What the guards compare the code with: the template as it is packaged, and the policies in it."""

from pathlib import Path
from typing import Any

import pytest

from infra.package import packaged_template, staged_project, target_of
from tests.unit.guards.template import Template


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The template that `chalice package` makes of app.py and infra/template.yaml for the stage prod."""
    folder: Path = tmp_path_factory.mktemp("project")
    return packaged_template(staged_project(folder, target_of("prod")), "prod")


@pytest.fixture(scope="session")
def template(packaged: dict[str, Any]) -> Template:
    """The same, with questions that guards ask of it."""
    return Template(packaged)
