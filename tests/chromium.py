"""The browser of the journeys: Debian's Chromium, which comes with the system's security updates."""

import os
import shutil
from typing import Any

import pytest

ASK = "Chromium is not installed: run apt-get install chromium."


def launch_arguments() -> dict[str, Any]:
    """For Playwright's `browser_type_launch_args`. Skips without Chromium; under CI, fails."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(ASK, pytrace=False)
        pytest.skip(ASK)
    return {"executable_path": program, "args": _sandbox()}


def _sandbox() -> list[str]:
    """Chromium's sandbox does not start for root, as whom a container often runs its tests."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
