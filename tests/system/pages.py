"""Every page there is, looked at by axe-core, the Nu HTML checker and Lighthouse in Chromium. Run by tests/system/pages."""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import pages_list
from browser import Browser
from daemon import Tests, Visitor
from lighthouse import marks
from pages_site import FullSite, Site

ROUTES = pathlib.Path(__file__).resolve().parents[2] / "src/web/routes.rs"
# Answered with something else than pages: feeds, files, and the tutorial's line of text.
NO_PAGES = {
    "hello", "healthz", "readyz", "posts.zip", "Format", "Address", "robots.txt", "sitemap.xml", "favicon.ico", "apple-touch-icon.png", "site.webmanifest", ".well-known", "PartName",
}
# Each of WCAG 2.2's rules for A and AA, and what axe-core's authors think good, though no rule asks for it. (AAA wants a contrast of 7:1.)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
AXE = """
const [tags, done] = arguments;
for (const folded of document.querySelectorAll("details")) folded.open = true;
axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false }).then(
  found => done(found.violations.flatMap(rule => rule.nodes.map(node => [rule.id + ": " + node.target.join(" "), node.failureSummary]))),
  error => done([["axe-core failed", String(error)]]));
"""
# Light on a desk, dark on a phone.
LOOKS = (("light", 1280), ("dark", 375))
WIDTH_MIN = 320  # CSS pixels, at which nothing is to be scrolled sideways (WCAG 2.2, 1.4.10)
FIRST_VISIT_REQUESTS_MAX, FIRST_VISIT_BYTES_MAX = 2, 12_000
SHIFT = """
const done = arguments[0];
let sum = 0;
new PerformanceObserver(list => { for (const shift of list.getEntries()) sum += shift.value; }).observe({ type: "layout-shift", buffered: true });
setTimeout(() => done(sum), 500);
"""


class Inspection:
    """Opens pages, keeps their HTML, and notes for each group of them what was found."""

    def __init__(self, tests, browser, folder):
        self.tests, self.browser, self.folder, self.visited = tests, browser, folder, []
        self.names = {}

    def group(self, name, site, pages):
        """Looks at each page of a list."""
        began, found, self.visited = time.monotonic(), collections.defaultdict(list), self.visited + pages.visited
        who = object()
        for page in pages.pages:
            if page.who != who:
                who = page.who
                self.browser.be(site.cookie(who), site.origin)
            page.open()
            self.look(page, found)
        lines = [f"{kind}: {fault}\n    on {len(where)}: {where[0]}" for (kind, fault), where in found.items()]
        self.tests.check(f"{name}: {len(pages.pages)} pages, {time.monotonic() - began:.0f} s", pages.pages and not found, "\n".join(lines))

    def look(self, page, found):
        note = lambda kind, fault: found[kind, fault].append(page.about)
        if (status := self.browser.status()) != page.status:
            note("status", f"{status} and not {page.status}")
        self.keep(page)
        for scheme, width in LOOKS:
            self.browser.prefer(scheme)
            self.browser.be_wide(width)
            for target, why in self.browser.driver.execute_async_script(AXE, RULES):
                note(f"axe-core, {scheme}", f"{target}\n    {' '.join(why.split())}")
        self.browser.be_wide(WIDTH_MIN)
        if (wide := self.browser.run("return document.documentElement.scrollWidth")) > WIDTH_MIN:
            note("reflow", f"{wide} px wide on a screen of {WIDTH_MIN}")
        for line in self.browser.console():
            # That a page is an error is no error here; nor that it would ask before a text is left, and nobody has touched it.
            is_error = page.status != 200 and re.search(r"Failed to load resource: the server responded with a status of \d+", line)
            if not is_error and "Blocked attempt to show a 'beforeunload'" not in line:
                note("console", re.sub(r"127\.0\.0\.1:\d+", "site", line))

    def keep(self, page):
        name = f"{len(self.names):03}.html"
        self.names[name] = page.about
        (self.folder / name).write_text(self.browser.source())

    def keep_styles(self, site):
        """What makes the index look as it does, as files."""
        visitor = Visitor(site.daemon)
        for number, path in enumerate(re.findall(r'<link rel="stylesheet" href="(.*?)"', visitor.get("/")[1])):
            (self.folder / f"{number}.css").write_text(visitor.get(path)[1])
            self.names[f"{number}.css"] = path


def every_route(tests, visited):
    """A page that is added to the map of the site is added here too."""
    wanted = []
    for path, methods in re.findall(r"path!\(([^)]*)\).*?resource!\(([^)]*)\)", ROUTES.read_text(), re.S):
        parts = [part.strip(' "') for part in path.split("/")]
        if "GET" in methods and not NO_PAGES & set(parts):
            wanted.append("/" + "/".join(part if part[0].islower() else "[^/]+" for part in parts))
    missed = [path for path in wanted if not any(re.fullmatch(path, one) for one in visited)]
    tests.check(f"each of the {len(wanted)} paths of src/web/routes.rs that show a page was opened", wanted and not missed, "\n".join(missed))


def valid(tests, modules, inspection):
    """One run of the Nu HTML checker for everything that was kept."""
    jar = modules / "vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(["java", "-Xss1024k", "-jar", jar, "--format", "json", "--also-check-css", inspection.folder], capture_output=True, text=True, timeout=120)
    messages = collections.defaultdict(list)
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] != "info" or message.get("subType") == "warning":
            place = f"{message.get('lastLine', '')}: {message.get('extract', '').strip()!r}"
            messages[message["message"]].append(inspection.names.get(pathlib.Path(message.get("url", "")).name, "") + ", line " + place)
    for kind in ("html", "css"):
        count = len(list(inspection.folder.glob(f"*.{kind}")))
        of_kind = [f"{text}\n    on {len(where)}: {where[0]}" for text, where in messages.items() if (".css" in where[0]) == (kind == "css")]
        tests.check(f"the Nu HTML checker finds nothing in {count} files of {kind}", count and not of_kind, "\n".join(of_kind))


def first_visit(tests, site):
    """What it costs to open the index for the first time, with five ordinary posts, and what moves then."""
    for width in (width for _, width in LOOKS):
        browser = Browser(logs=("performance",))
        try:
            browser.be_wide(width)
            browser.driver.get(site.origin + "/")
            shift = browser.driver.execute_async_script(SHIFT)
            events = [json.loads(line["message"])["message"] for line in browser.driver.get_log("performance")]
        finally:
            browser.quit()
        asked = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        asked = [url for url in asked if not url.startswith("data:")]
        sizes = [event["params"]["encodedDataLength"] for event in events if event["method"] == "Network.loadingFinished"]
        shown = f"{len(asked)} requests, {sum(sizes):.0f} bytes, layout shift {shift}"
        light = len(asked) <= FIRST_VISIT_REQUESTS_MAX and sum(sizes) <= FIRST_VISIT_BYTES_MAX
        tests.check(f"the first visit to the index, {width} px wide, is light and nothing moves: {shown}", asked and light and shift == 0, f"{asked}, {sizes}")


def full_marks(tests, modules, site):
    """Lighthouse, of the pages that matter most."""
    for who, path in ((None, "/"), (None, f"/{site.EVERYTHING}"), ("mina", "/create"), ("mina", "/account")):
        for form in ("phone", "desk"):
            began = time.monotonic()
            scores, why = marks(modules, site.origin + path, site.cookie(who), form)
            shown = ", ".join(f"{name} {score}" for name, score in scores.items())
            tests.check(f"Lighthouse, {path} on a {form}: {shown} ({time.monotonic() - began:.0f} s)", scores and set(scores.values()) == {100}, why)


def main(program, modules):
    tests, began = Tests(), time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        (place / "html").mkdir()
        sites, browser = [], None
        try:
            sites.append(site := FullSite(program, place / "full"))
            first_visit(tests, site)
            full_marks(tests, modules, site)
            browser = Browser(script=(modules / "axe-core/axe.min.js").read_text())
            inspection = Inspection(tests, browser, place / "html")
            for name, group in pages_list.GROUPS.items():
                inspection.group(name, site, group(site, browser))
            sites.append(bare := Site(program, place / "bare", FLASKR_REGISTRATION="invite"))
            inspection.group("empty site", bare, pages_list.empty(bare, browser))
            inspection.keep_styles(site)
            every_route(tests, inspection.visited)
            valid(tests, modules, inspection)
            print(f"# {len(inspection.names)} files in {time.monotonic() - began:.0f} s")
        finally:
            if browser:
                browser.quit()
            for one in sites:
                one.discard()
    tests.finish()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]))
