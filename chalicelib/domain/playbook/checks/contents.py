"""Contents that are not there, and variables that have no value."""

from collections.abc import Iterator

from chalicelib.domain.playbook.checks.problem import Problem, hint, steps_of
from chalicelib.domain.playbook.content import WELCOME_VARIABLES, Content
from chalicelib.domain.playbook.playbook import Playbook


def unknown_contents(playbook: Playbook) -> Iterator[Problem]:
    """Yield every reference to a content that is not there."""
    welcomes = ((("welcome", n), entry.content) for n, entry in enumerate(playbook.welcome))
    steps = ((path, step.content) for path, step in steps_of(playbook))
    for path, name in (*welcomes, *steps):
        if name not in playbook.contents:
            message = f"there is no content '{name}': add it to contents{hint(name, playbook.contents)}"
            yield Problem((*path, "content"), message)


def wrong_variables(playbook: Playbook) -> Iterator[Problem]:
    """Yield every variable that has no value where its content is used, and every one outside a text."""
    grouped = {step.content for step in playbook.steps}
    for name, content in playbook.contents.items():
        for variable in sorted(content.variables - WELCOME_VARIABLES):
            known = " and ".join(f"${{{one}}}" for one in sorted(WELCOME_VARIABLES))
            yield Problem(("contents", name, "text"), f"there is no variable ${{{variable}}}: a welcome knows {known}")
        if name in grouped and content.variables & WELCOME_VARIABLES:
            yield Problem(
                ("contents", name, "text"),
                "a step sends one text to many customers, so it can have no variables: take them out, "
                "or write a second content for the welcome",
            )
        yield from variables_in_attachments(name, content)


def variables_in_attachments(name: str, content: Content) -> Iterator[Problem]:
    """Yield every field of an attachment that holds a variable."""
    for number, attachment in enumerate(content.attachments):
        for field, value in attachment.model_dump().items():
            if "${" in str(value):
                path = ("contents", name, "attachments", number, field)
                yield Problem(path, "variables work in text alone: write this field out")
