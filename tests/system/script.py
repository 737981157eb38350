"""What static/flaskr.js adds to pages, in Chromium: each promise by what a reader sees. Run by tests/system/story."""

import base64
import json
import os
import tempfile
import zlib

from selenium.webdriver.common.keys import Keys

from daemon import Daemon, Visitor, emptied, posts, until
from picture import part as chunk
from reader import Reader

REFUSED = """
window.refused = [];
document.addEventListener("securitypolicyviolation", event => refused.push(event.effectiveDirective));
window.moved = 0;
new PerformanceObserver(list => { for (const shift of list.getEntries()) window.moved += shift.value; }).observe({ type: "layout-shift", buffered: true });
"""
LATER = "const now = Date.now; Date.now = () => now() + 3 * 3600 * 1000;"
MOVED_MAX = 0.1  # what is good: https://web.dev/articles/cls
SLOW = 100_000  # bytes a second, of an upload
WORDS = {
    "en": {"now": "now", "hours": "3 hours ago", "absolute": " UTC", "done": "Published."},
    "ko": {"now": "지금", "hours": "3시간 전", "absolute": "년 ", "done": "게시했습니다."},
}
# An event with files, as a browser makes it where some are dropped or pasted.
GIVEN = """
const [selector, kind, files] = arguments, given = new DataTransfer();
for (const [name, type, data] of files) given.items.add(new File([Uint8Array.from(atob(data), sign => sign.charCodeAt(0))], name, { type }));
const about = { bubbles: true, cancelable: true, dataTransfer: given, clipboardData: given };
const event = kind === "paste" ? new ClipboardEvent(kind, about) : new DragEvent(kind, about);
document.querySelector(selector).dispatchEvent(event);
return event.defaultPrevented;
"""
# Notes how far a bar is, each time it moves.
BAR = """
window.bar = [];
new MutationObserver(() => {
  const progress = document.querySelector("progress");
  if (progress) bar.push(progress.value);
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true });
"""


def noise(width=300):
    """A PNG that nothing makes smaller."""
    rows = b"".join(b"\0" + os.urandom(3 * width) for _ in range(width))
    head = width.to_bytes(4) * 2 + bytes((8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Bench:
    """A browser in front of a site with one author, who is logged in."""

    def __init__(self, tests, program, place, pictures, language, scheme, width):
        self.tests, self.pictures, self.name, self.words = tests, pictures, f"script, {language}, {width} px", WORDS[language]
        self.daemon = Daemon(program, place, environment={"FLASKR_COMMENTS_PER_MINUTE": "0"}).serving()
        self.origin, self.mina = f"http://127.0.0.1:{self.daemon.port}", Visitor(self.daemon).log_in("mina")
        for number in range(3):
            self.mina.post("/create", title=f"Post {number}", body="Text", format="markdown", nonce=f"post {number}")
        self.reader = Reader(language, scheme, True, width, "pointer", logs=("browser", "performance"))
        self.run, self.has = self.reader.run, self.reader.has
        self.reader.tell("Page.addScriptToEvaluateOnNewDocument", source=REFUSED)
        self.refused = []
        self.log_in()

    def log_in(self):
        self.reader.be(self.mina.cookie, self.origin)

    def check(self, promise, holds, detail=""):
        self.tests.check(f"{self.name}: {promise}", holds, detail)

    def open(self, path):
        """Opens a page; what the one before refused is kept, and whether the browser asked whether to leave it is told."""
        self.refused += self.run("return window.refused || []")
        self.questions()
        self.reader.open(self.origin + path)
        until(lambda: self.run("return document.readyState") == "complete")
        return self.questions()

    def questions(self):
        """How often the browser asked whether to leave a page, since it was last told."""
        lines = [json.loads(line["message"])["message"] for line in self.reader.driver.get_log("performance")]
        return sum(line["method"] == "Page.javascriptDialogOpening" and line["params"]["type"] == "beforeunload" for line in lines)

    def sent(self):
        """The forms that the script sent, by their status."""
        return self.run("return performance.getEntriesByType('resource').filter(one => one.initiatorType === 'xmlhttprequest').map(one => one.responseStatus)")

    def keys(self, *keys):
        self.reader.keys(*keys)

    def with_control(self, key):
        self.reader.hands().key_down(Keys.CONTROL).send_keys(key).key_up(Keys.CONTROL).perform()

    def give(self, selector, kind, *files):
        return self.run(GIVEN, selector, kind, [(name, type, base64.b64encode(data).decode()) for name, type, data in files])

    def leads(self, key, path, promise):
        """A key opens a page."""
        self.keys(key)
        is_there = lambda: self.reader.driver.current_url == self.origin + path and self.run("return document.readyState") == "complete"
        try:
            self.check(promise, until(is_there))
        except AssertionError:
            self.check(promise, False, self.reader.driver.current_url)

    def switch_keys(self):
        """Presses the switch, in the list that the button at the foot opens."""
        for selector in (".help-keys", "dialog [type=checkbox]", "dialog form button"):
            self.reader.press(self.reader.find(selector))

    def picture(self, name):
        self.reader.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def focus(self):
        return self.run("return document.activeElement.id || document.activeElement.className || document.activeElement.localName")

    def page(self, path):
        """What the site says, whatever the browser shows."""
        self.mina.leave()  # the daemon has ended what was idle for long
        return self.mina.get(path)[1]

    def titles(self):
        return posts(self.page("/"))

    def console(self):
        return [line for line in self.reader.console() if "/favicon.ico" not in line]

    def discard(self):
        self.reader.quit()
        self.daemon.discard()


def strangers(bench):
    bench.reader.be(None, bench.origin)
    bench.open("/1")
    bench.check("who is not logged in gets none", bench.has("h1") and not bench.has("script, template, dialog, .help-keys"))
    bench.log_in()
    bench.open("/1")
    bench.check("who is logged in gets one, of this site, and what it says", bench.has("script[type=module][src^='/static/']") and bench.has(".help-keys"))


def preview(bench):
    bench.open("/create")
    bench.reader.write("#title", "Live")
    bench.reader.write("#body", "We left at **six**.")
    until(lambda: bench.has(".live strong"))
    bench.check("the preview follows what is written", "six" in bench.reader.shown(".live strong") and bench.focus() == "body")
    said, sent = bench.reader.shown(".live [role=status]"), len(bench.sent())
    bench.reader.write("#body", "And *came* back, after a long day on which nobody else was to be seen.")
    until(lambda: bench.has(".live em"))
    bench.check("one request for many keys", 1 <= len(bench.sent()) - sent <= 3, f"{bench.sent()}")
    bench.check("it is said once that it does", said and bench.reader.shown(".live [role=status]") == said)
    moved = bench.run("return moved")
    bench.check(f"nothing moves for it: {moved:.3f}", moved < MOVED_MAX)
    bench.reader.write("#body", "<img src=x onerror=alert(1)>**bold**")
    until(lambda: bench.has(".live strong"))
    bench.check("it is as escaped as a page is", not bench.has(".live img") and "onerror" in bench.reader.shown(".live"))
    bench.check("it stores nothing", "Live" not in bench.titles() and "Live" not in bench.page("/drafts"))
    bench.picture("preview")
    bench.reader.follow("[value=publish]")
    bench.check("the form can be sent after it, once", bench.titles().count("Live") == 1, str(bench.titles()))


def preview_without_session(bench):
    bench.open("/create")
    bench.reader.be(None, bench.origin)
    bench.reader.write("#body", "one")
    until(lambda: bench.sent() == [403])
    bench.reader.write("#body", "two")
    bench.run("const end = performance.now() + 1500; while (performance.now() < end);")
    bench.check("where it is refused it rests, and says nothing", bench.sent() == [403] and not bench.has(".live .body, [role=alert]:not([hidden])"), str(bench.sent()))
    bench.log_in()
    console = bench.console()  # it names what it could not load
    bench.check("the console names the refusal and no other", len(console) == 1 and "403" in console[0], "\n".join(console))


def leaving(bench):
    bench.open("/create")
    bench.reader.write("#title", "x")
    bench.reader.write("#title", "")
    bench.check("nothing is asked where nothing was typed", bench.open("/1") == 0)
    bench.open("/create")
    bench.reader.write("#title", "x")
    bench.check("who leaves what was typed is asked", bench.open("/1") == 1)
    bench.reader.write(".comments textarea", "x")
    bench.check("a comment too", bench.open("/create") == 1)
    bench.reader.write("#title", "Kept")
    bench.reader.follow("[value=preview]")
    bench.check("whoever sends it is not asked", bench.questions() == 0 and bench.has(".live .body"))
    bench.check("what is shown again is stored nowhere: who leaves it is asked", bench.open("/1") == 1)


def images(bench):
    hills = ("hills.png", "image/png", noise())
    bench.open("/create")
    bench.reader.write("#title", "Dropped")
    bench.reader.write("#body", "Hills:")
    taken = bench.give("#body", "drop", hills)
    files = "return [...document.querySelectorAll('[type=file]')].map(field => field.files.length)"
    bench.check("an image that is dropped is in the form", taken and bench.run(files) == [1, 0, 0] and bench.has(".images[open]"), str(bench.run(files)))
    bench.check("its description is asked for", bench.focus() == "image-1-alt", bench.focus())
    bench.check("a text that is pasted stays one", not bench.give("#body", "paste") and bench.run(files) == [1, 0, 0])
    bench.give("#body", "paste", hills)
    bench.check("one that is pasted too", bench.run(files) == [1, 1, 0])
    bench.check("there is room for both", not bench.reader.find("[data-full]").is_displayed())
    bench.give("form", "drop", hills, hills)
    bench.check("where there is no room that is said", bench.run(files) == [1, 1, 1] and bench.reader.find("[data-full]").is_displayed())
    for number in (1, 2, 3):
        bench.reader.write(f"#image-{number}-alt", "Hills")
    bench.run(BAR)
    bench.reader.tell("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=SLOW)
    bench.reader.press(bench.reader.find("[value=publish]"))
    until(lambda: bench.has("progress"))
    until(lambda: bench.run("return 0 < bar.at(-1) && bar.at(-1) < 1"))
    bench.picture("sending")
    bench.check("how far it is is shown, and the form waits", bench.has("form[inert] + .sending progress"))
    bench.reader.tell("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    until(lambda: bench.has("article"))
    bench.check("its author is told that it is published", bench.words["done"] in bench.reader.shown("[role=status]"))
    bench.reader.follow("article h2 a")
    bench.check("it is published once, with each of them", bench.titles().count("Dropped") == 1 and len(bench.reader.driver.find_elements("css selector", ".body img")) == 3)


def images_refused(bench):
    bench.open("/create")
    bench.run("window.same = true")
    bench.reader.write("#title", "Refused")
    bench.reader.write("#body", "Typed")
    bench.give("#body", "drop", ("none.png", "image/png", b"no picture"))
    bench.reader.press(bench.reader.find("[value=publish]"))
    until(lambda: bench.has(".images .problem:not([hidden])"))
    body = bench.reader.find("#body").get_property("value")
    bench.check("what is wrong with one is shown in the form, with what was typed", bench.run("return window.same") and body == "Typed")
    bench.check("the focus is on what is said of it", bench.run("return document.activeElement.matches('.flash[role=alert], [autofocus]')"), bench.focus())
    bench.reader.write("#image-1-alt", "Hills")
    bench.give("#body", "drop", ("hills.png", "image/png", noise(20)))
    bench.run("XMLHttpRequest.prototype.send = function () { setTimeout(() => this.onloadend()); }")
    bench.reader.follow("[value=publish]")
    bench.check("if it cannot be sent so the browser sends it", bench.titles().count("Refused") == 1, str(bench.titles()))


def times(bench):
    bench.open("/1")
    bench.reader.write(".comments textarea", "Said")
    bench.with_control(Keys.ENTER)
    until(lambda: bench.has(".comment time"))
    bench.check("Ctrl+Enter sends, once", bench.page("/1").count("<article class=\"comment ") == 1)
    bench.check("a moment ago is now", bench.reader.shown(".comment time") == bench.words["now"], bench.reader.shown(".comment time"))
    script = bench.reader.tell("Page.addScriptToEvaluateOnNewDocument", source=LATER)["identifier"]
    bench.open("/1")
    time = bench.reader.find(".comment time")
    bench.check("three hours ago is that", time.text == bench.words["hours"], time.text)
    bench.check("when it was is there too", bench.words["absolute"] in time.get_attribute("title"), time.get_attribute("title"))
    bench.reader.tell("Page.removeScriptToEvaluateOnNewDocument", identifier=script)


def keys(bench):
    bench.open("/")
    bench.keys("?")
    bench.check("? opens the list of keys", bench.has("dialog[open]"))
    bench.picture("keys")
    bench.check("it is at ease on this screen", bench.run("const { left, right } = document.querySelector('dialog').getBoundingClientRect(); return left >= 0 && right <= innerWidth"))
    bench.keys(Keys.ESCAPE)
    bench.check("Escape shuts it", not bench.has("dialog[open]"))
    bench.keys("j")
    first = bench.run("return document.activeElement.textContent")
    bench.keys("j", "j", "k")
    second = bench.run("return document.activeElement.textContent")
    titles = bench.titles()
    bench.check("j and k go through the list", [first, second] == titles[:2], f"{first}, {second}")
    bench.keys("/")
    bench.check("/ goes to the search", bench.focus() == "search")
    bench.keys("n?")
    bench.check("keys that are typed are letters", bench.reader.find("#search").get_property("value") == "n?" and not bench.has("dialog[open]"))
    bench.open("/1")
    bench.leads("/", "/#search", "/ leads to the search from another page")
    bench.check("and there into its field", bench.focus() == "search")
    bench.open("/1")
    bench.leads("e", "/1/update", "e edits")
    bench.reader.write("#title", "Saved by a key")
    bench.with_control("s")
    until(lambda: "Saved by a key" in bench.titles())
    bench.open("/create")
    bench.reader.write("#title", "Kept by a key")
    bench.with_control("s")
    until(lambda: "Kept by a key" in bench.page("/drafts"))
    bench.check("Ctrl+S saves a post, and keeps a draft", "Kept by a key" not in bench.titles())
    bench.open("/")
    bench.run("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', ctrlKey: true, bubbles: true }))")
    bench.check("n with Ctrl is not ours", bench.run("return location.pathname") == "/")
    bench.switch_keys()
    bench.keys("?", "n")
    bench.check("switched off, no key does anything", bench.run("return location.pathname") == "/" and not bench.has("dialog[open]"))
    bench.open("/1")
    bench.keys("?")
    bench.check("nor on the next page", not bench.has("dialog[open]"))
    bench.switch_keys()
    bench.leads("n", "/create", "switched on again, n leads to a new post")


def busy(bench):
    bench.open("/1")
    seen = bench.run(
        """
        const form = document.querySelector(".likes form"), button = form.querySelector("button"), refused = [];
        addEventListener("submit", event => refused.push(event.defaultPrevented));
        form.requestSubmit(button);
        form.requestSubmit(button);
        const before = button.getAttribute("aria-busy");
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        return [refused, before, button.hasAttribute("aria-busy")];
        """
    )
    bench.check("a button that was pressed is busy, until somebody comes back to it", seen == [[False, True], "true", False], str(seen))
    until(lambda: bench.has("form[action$='/unlike']"))


def without(bench):
    """The same pages where no script runs."""
    bench.reader.tell("Emulation.setScriptExecutionDisabled", value=True)
    bench.open("/create")
    there = {selector: bench.has(selector) for selector in (".live", "dialog", ".help-keys", "progress")}
    bench.check("without script nothing is there that needs it", not any(there.values()) and bench.has("#body"), str(there))
    bench.reader.tell("Emulation.setScriptExecutionDisabled", value=False)


def policy(bench):
    bench.open("/create")
    console = bench.console()
    bench.check("the policy refused nothing, and the console is empty", not bench.refused and not console, f"{bench.refused}\n" + "\n".join(console))
    bench.run("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))")
    bench.check("a script in a page is refused, and that is seen", bench.run("return refused") == ["script-src-elem"] and not bench.run("return window.ran"))


PARTS = (strangers, preview, preview_without_session, leaving, images, images_refused, times, keys, busy, without, policy)


def check(tests, program, pictures):
    """On a desk, light and in English; on a phone, dark and in Korean."""
    for language, scheme, width in (("en", "light", 1280), ("ko", "dark", 375)):
        folder = pictures / f"script-{language}"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as place:
            bench = Bench(tests, program, emptied(program, place), folder, language, scheme, width)
            try:
                for part in PARTS:
                    try:
                        part(bench)
                    except Exception as error:  # of the page or of WebDriver: the next part begins with a page of its own
                        bench.picture(f"{part.__name__}-fails")
                        bench.check(part.__name__, False, f"{type(error).__name__}: {error}")
            finally:
                bench.discard()
