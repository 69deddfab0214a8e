"""A call that both doors could serve is declared once, in the `operations` of its feature."""

import ast
from pathlib import Path

from echosphere.api import Operation
from echosphere.app import create_app
from echosphere.settings import load_settings
from tests.house.repository import PACKAGE

METHODS = {"add", "get", "post", "put", "patch", "delete"}
HTTP_ONLY = {
    "accounts/web/api.py": "registering, signing in and out set or clear a cookie",
    "administration/web.py": "downloads",
    "attachments/web.py": "uploads and downloads",
    "bots/web.py": "who responds to a command has its address and no other credential",
    "avatars/web.py": "uploads and downloads",
    "memberships/web/pictures.py": "uploads and downloads",
    "webhooks/web.py": "uploads",
    "openid_connect/web.py": "beginning to link a sign-in service sets a cookie",
    "second_factor/web/api.py": "finishing a sign-in sets a cookie",
    "second_factor/web/passkeys.py": "signing in sets a cookie",
    "link_previews/web.py": "downloads",
    "data_export/web.py": "downloads",
}

WITH_COOKIES = {
    ("POST", "/accounts"),
    ("POST", "/sessions"),
    ("POST", "/sessions/second-factor"),
    ("POST", "/sessions/second-factor/passkey"),
    ("GET", "/sessions/passkey"),
    ("POST", "/sessions/passkey"),
    ("DELETE", "/sessions/current"),
    ("DELETE", "/me"),
    ("POST", "/me/sign-in-services/<service>/link"),
}
WITHOUT_CALLER = {("POST", "/respond/<token>")}
DOWNLOADS = {
    ("GET", "/administration/audit/export"),
    ("GET", "/attachments/<attachment>"),
    ("GET", "/attachments/<attachment>/thumbnail"),
    ("GET", "/avatars/<avatar>"),
    ("GET", "/invites/<token>/avatar"),
    ("GET", "/me/export/<export>"),
    ("GET", "/previews/<preview>"),
}


def serves_by_itself(file: Path) -> bool:
    """Whether a file registers routes or socket calls."""
    return any(
        isinstance(node, ast.Call) and _registers(node.func)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    )


def _registers(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute):
        return False
    of = getattr(called.value, "id", getattr(called.value, "attr", "")).strip("_")
    return (of == "api" and called.attr in METHODS) or (of == "calls" and called.attr == "on")


def test_calls_are_registered_by_the_registry_of_operations() -> None:
    serving = {
        str(file.relative_to(PACKAGE)) for file in PACKAGE.rglob("*.py") if serves_by_itself(file)
    }
    assert serving == {"api/registry.py"} | set(HTTP_ONLY)


def test_every_feature_declares_its_operations_in_one_place() -> None:
    users = {
        file.relative_to(PACKAGE).parts[1]
        for file in PACKAGE.rglob("*.py")
        if "echosphere.api import" in file.read_text(encoding="utf-8")
        and file.parent not in {PACKAGE, PACKAGE / "api"}
    }
    assert users <= {"operations.py", "operations"}
    assert users


def test_what_no_operation_declares_is_no_json_or_about_credentials(tmp_path: Path) -> None:
    application = create_app(load_settings({"ECHOSPHERE_DATA": str(tmp_path)}))
    declared = {
        (endpoint.method, endpoint.path)
        for operation in application.operations.served
        if isinstance(operation, Operation)
        for endpoint in operation.http
    }
    routes = {(route.method, route.path) for route in application.api.routes if not route.upload}
    assert routes - declared == WITH_COOKIES | WITHOUT_CALLER | DOWNLOADS
    names = [one.name for one in application.operations.served if one.name is not None]
    assert sorted(names) == sorted(application.server.handlers)
