"""app.py declares every trigger, and what it declares is what is deployed."""

import ast
import inspect
import re
from typing import Any

import app
from infra.dependencies import ROOT
from tests.unit.guards.template import Template

TREE = ast.parse((ROOT / "app.py").read_text())


def modules_named_in(function: ast.FunctionDef) -> list[str]:
    """Return what a trigger hands to `handler`, through `tracked` too."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    named = [ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", "") == "handler"]
    return named or ["tracking_http" for call in calls if getattr(call.func, "id", "") == "tracked"]


def triggers() -> dict[str, list[str]]:
    """Return {trigger: its handler modules}; a trigger is what one of Chalice's decorators stands on."""
    functions = [node for node in TREE.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    return {each.name: modules_named_in(each) for each in functions}


def routes() -> set[str]:
    return {entry.view_function.__name__ for methods in app.app.routes.values() for entry in methods.values()}


def test_every_function_is_deployed_under_the_trigger_that_app_declares(template: Template) -> None:
    assert {body["Handler"] for body in template.functions.values()} == {f"app.{name}" for name in app.HANDLERS}


def test_every_trigger_is_listed_with_the_handler_that_it_runs() -> None:
    events = {name: tuple(modules) for name, modules in triggers().items() if name not in routes()}
    http = {module for name, modules in triggers().items() if name in routes() for module in modules}
    assert events == {name: modules for name, modules in app.HANDLERS.items() if name != "app"}
    assert http == {*app.HANDLERS["app"], *app.SELDOM}


def test_every_handler_module_exists_and_handles() -> None:
    for trigger, modules in (*app.HANDLERS.items(), ("app", app.SELDOM)):
        for module in modules:
            assert callable(app.handler(module).receive if trigger == "app" else app.handler(module).handle)


def test_every_handler_takes_what_app_gives_it() -> None:
    calls: dict[str, tuple[Any, int]] = {
        "verify": (app.handler("wechat_http").verify, 2),
        "receive": (app.handler("wechat_http").receive, 3),
        "track": (app.handler("tracking_http").receive, 3),
        "costs": (app.handler("costs_http").receive, 2),
    }
    for call, arguments in calls.values():
        inspect.signature(call).bind(*range(arguments))


def test_the_api_is_the_documented_one() -> None:
    served = {(method, path) for path, methods in app.app.routes.items() for method in methods}
    kinds = ("track", "identify", "page", "group", "alias", "batch")
    callbacks = {("GET", "/wechat/{account}"), ("POST", "/wechat/{account}")}
    assert served == callbacks | {("GET", "/v1/costs")} | {("POST", f"/v1/{kind}") for kind in kinds}


def test_a_post_without_a_content_type_is_not_refused() -> None:
    posts = [entry for methods in app.app.routes.values() for method, entry in methods.items() if method == "POST"]
    assert all(entry.content_types == ["*/*"] for entry in posts)


def test_the_readme_lists_every_function(template: Template) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert {row.replace("_", "").lower() for row in rows} >= {function.lower() for function in template.functions}
