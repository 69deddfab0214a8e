"""What templates ask of the application's configuration is set there."""

import re
from pathlib import Path

from echosphere.settings import LiveSettings
from echosphere.web.create import create_web
from tests.house.repository import PACKAGE
from tests.product.conftest import settings_for

ASKED = re.compile(r"\bconfig(?:\.|\[['\"])(\w+)")


def test_every_name_of_the_configuration_that_a_template_asks_for_is_set(
    tmp_path: Path,
) -> None:
    templates = sorted(PACKAGE.rglob("templates/**/*.html"))
    asked = {name for one in templates for name in ASKED.findall(one.read_text("utf-8"))}
    assert "SIGN_IN_SERVICES" in asked
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'app.db'}")
    assert asked <= create_web(LiveSettings(settings)).config.keys()
