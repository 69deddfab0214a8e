"""Lighthouse: scores of the sign-in page and the messenger, in its profile of a phone."""

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from bench.progress import say
from bench.result import IncompleteError, emit, tidy
from bench.server import BUILD, ROOT, EchoSphere
from echosphere.commands.sample_story import PASSWORD, PEOPLE

LIGHTHOUSE = Path("bench/lighthouse")
CATEGORIES = ("performance", "accessibility", "best-practices")
METRICS = {
    "first-contentful-paint": "first_paint_ms",
    "largest-contentful-paint": "largest_paint_ms",
    "total-blocking-time": "blocking_ms",
    "cumulative-layout-shift": "layout_shift",
    "total-byte-weight": "bytes",
}
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking"
SECONDS_A_PAGE = 180
TRIES = 3
NOT_RECORDED = "Please run Lighthouse again"
"""How Lighthouse ends what it says when the browser gave it no trace of the load."""

PAGES = ("sign-in", "list", "conversation")


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=list(PAGES))
    parser.add_argument("--reports", type=Path, help="a folder for Lighthouse's own reports")


async def run(given: Namespace) -> None:
    """Run the workload and print a result for each page."""
    command = _lighthouse()
    with EchoSphere() as server:
        server.stop()
        _tell_the_story(server)
        server.start()
        cookie, conversation = await asyncio.to_thread(_sign_in, server.port)
        addresses = {"sign-in": "/login", "list": "/", "conversation": f"/c/{conversation}"}
        for page in given.pages:
            url = f"http://127.0.0.1:{server.port}{addresses[page]}"
            headers = {} if page == "sign-in" else {"Cookie": cookie}
            reports = []
            for number in range(given.runs):
                say(f"{page}: {number + 1} of {given.runs} …")
                reports.append(await asyncio.to_thread(_audit, command, url, headers))
            _keep(given.reports, page, reports)
            emit("lighthouse", {"page": page, "runs": given.runs}, figures(reports), BUILD)


def figures(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the scores (0 to 100) and times of the run whose performance is the median."""
    ordered = sorted(reports, key=lambda report: report["categories"]["performance"]["score"])
    report = ordered[len(ordered) // 2]
    scores = {
        name.replace("-", "_"): round(report["categories"][name]["score"] * 100)
        for name in CATEGORIES
    }
    audits = report["audits"]
    return scores | {
        name: tidy(float(audits[audit]["numericValue"])) for audit, name in METRICS.items()
    }


def _audit(command: list[str], url: str, headers: dict[str, str]) -> dict[str, Any]:
    """Load a page once, as Lighthouse's phone would, and return its report.

    Raises:
        IncompleteError: Lighthouse ended without a report, or did not reach the page.
    """
    given = [
        url,
        "--quiet",
        "--output=json",
        "--output-path=stdout",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={CHROMIUM_FLAGS}",
        f"--extra-headers={json.dumps(headers)}",
    ]
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise IncompleteError("there is no chromium on this machine")
    report: dict[str, Any] = json.loads(_output([*command, *given], chromium))
    if report["finalDisplayedUrl"] != url:
        raise IncompleteError(f"{url} led to {report['finalDisplayedUrl']}")
    return report


def _output(command: list[str], chromium: str) -> bytes:
    """Return what Lighthouse printed; a load that it could not record is tried again.

    Raises:
        IncompleteError: Lighthouse failed, with something else or several times.
    """
    environment = os.environ | {"CHROME_PATH": chromium}
    said = ""
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=SECONDS_A_PAGE, check=False
        )
        if not done.returncode:
            return done.stdout
        said = done.stderr.decode()[-500:]
        if NOT_RECORDED not in said:
            break
    raise IncompleteError(f"Lighthouse failed: {said}")


def _keep(folder: Path | None, page: str, reports: list[dict[str, Any]]) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for number, report in enumerate(reports, start=1):
        (folder / f"{page}-{number}.json").write_text(json.dumps(report), encoding="utf-8")


def _sign_in(port: int) -> tuple[str, str]:
    """Return the cookie of one of the sample team, and the group that they have open."""
    origin = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=f"{origin}/api/v1", headers={"Origin": origin}) as client:
        credentials = {"email": next(iter(PEOPLE.values())).email, "password": PASSWORD}
        client.post("/sessions", json=credentials).raise_for_status()
        known = client.get("/conversations").raise_for_status().json()["conversations"]
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return cookie, next(one["id"] for one in known if one["kind"] == "group")


def _tell_the_story(server: EchoSphere) -> None:
    """Fill the instance with the sample team: people, pictures, files and a long conversation."""
    environment = os.environ | {"ECHOSPHERE_DATA": str(server.folder)}
    for made in server.folder.iterdir():
        shutil.rmtree(made) if made.is_dir() else made.unlink()
    subprocess.run(
        [sys.executable, "-m", "echosphere", "sample"],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _lighthouse() -> list[str]:
    """Return the command of the Lighthouse that bench/lighthouse locks; it is installed if missing."""
    build = _build_module()
    build.install_packages(ROOT / LIGHTHOUSE)
    program = ROOT / LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"
    return [str(build.find_node().folder / "node"), str(program)]


def _build_module() -> ModuleType:
    """Return `hatch_build.py`, which knows the Node.js of this folder; it is in no package."""
    found = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["hatch_build"] = module  # its dataclasses look themselves up there
    found.loader.exec_module(module)
    return module
