"""A new author's whole story, with each way to read, told in Chromium. Run by tests/system/story."""

import base64
import itertools
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time

import script
import story_pictures
from content import landscape
from daemon import Daemon, Tests, emptied, until
from reader import Reader

WAYS = {"language": ("en", "ko"), "scheme": ("light", "dark"), "script": (True, False), "width": (375, 1280), "way": ("pointer", "keyboard")}
# Each value of each of them meets each of each other in two of these eight: an orthogonal array, by its columns.
STORIES = [tuple(values[bit] for values, bit in zip(WAYS.values(), (a, b, c, b ^ c, a ^ b ^ c))) for a, b, c in itertools.product((0, 1), repeat=3)]
# What an author writes: in Korean nothing but Korean, so that every word of another language is the site's.
WORDS = {
    "en": {"name": "mina", "title": "Above the village", "new": "Above the village, again", "body": "We left at **six**.", "alt": "Hills at dawn",
           "tags": "walks, autumn", "tag": "walks", "comment": "The chapel was open.", "word": "village"},
    "ko": {"name": "김미나", "title": "마을 위에서", "new": "다시 마을 위에서", "body": "우리는 **여섯 시**에 떠났다.", "alt": "새벽의 산",
           "tags": "산책, 가을", "tag": "산책", "comment": "성당 문이 열려 있었다.", "word": "마을"},
}
PASSWORD = "kettle on monday"
# Names, which are the same in Korean.
NAMES = {"Flaskr", "Markdown", "JPEG", "PNG", "GIF", "WebP", "API", "OpenAPI", "UTC", "RSS", "Atom", "JSON", "English", "https", "Ctrl", "Enter"}
# All that a reader is told in the page's language, but for code and addresses: texts, and what stands in for them.
TOLD = """
const told = [document.title], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const isTold = one => !one.closest("code, script, style") && one.closest("[lang]").lang === document.documentElement.lang;
while (walk.nextNode()) if (isTold(walk.currentNode.parentElement)) told.push(walk.currentNode.data);
for (const one of document.querySelectorAll("[aria-label], [title], [alt], [placeholder], input[type=submit]"))
  if (isTold(one)) told.push(...["aria-label", "title", "alt", "placeholder"].map(name => one.getAttribute(name) || ""), one.type === "submit" ? one.value : "");
return told.join("\\n").replace(/\\/images\\/\\S+/g, "");
"""
# How bright the page is behind all, from 0 to 1.
BRIGHTNESS = """
const colour = [document.body, document.documentElement].map(one => getComputedStyle(one).backgroundColor).find(one => !/, 0\\)|transparent/.test(one));
if (!colour) return 1;
const context = document.createElement("canvas").getContext("2d");
context.fillStyle = colour;
context.fillRect(0, 0, 1, 1);
const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
"""


class Story:
    """One author, from the first page to the last."""

    def __init__(self, origin, reader, parameters, place, pictures):
        self.origin, self.reader, self.place, self.pictures = origin, reader, place, pictures
        self.language, self.scheme, self.script, self.width, self.way = parameters
        self.words = WORDS[self.language]
        self.faults, self.steps = [], 0

    def told(self):
        for step in (self.registers, self.logs_in, self.writes, self.previews, self.publishes, self.edits, self.comments, self.likes, self.searches, self.logs_out):
            step()
            self.look(step.__name__)

    def expect(self, selector, text=None):
        """This is on the page, and says this."""
        assert self.reader.has(selector), f"{selector} is not on {self.reader.driver.current_url}: {self.reader.shown('body')[:500]}"
        assert text is None or text in self.reader.shown(selector), f"{selector} says {self.reader.shown(selector)!r}, and not {text!r}"

    def registers(self):
        self.reader.open(self.origin)
        self.look("arrives")
        self.reader.follow('a[href="/auth/register"]')
        self.reader.write("input[name=username]", self.words["name"])
        self.reader.write("input[name=password]", PASSWORD)
        self.reader.follow("main form [type=submit]")
        assert self.reader.driver.current_url.endswith("/auth/login"), self.reader.shown("body")

    def logs_in(self):
        self.reader.write("input[name=username]", self.words["name"])
        self.reader.write("input[name=password]", PASSWORD)
        self.reader.follow('form[action="/auth/login"] [type=submit]')
        self.expect('form[action="/auth/logout"]')

    def writes(self):
        self.reader.follow('a[href="/create"]')
        self.reader.write("input[name=title]", self.words["title"])
        self.reader.write("textarea[name=body]", self.words["body"])
        self.reader.write("input[name=tags]", self.words["tags"])
        self.reader.choose("input[name=image-1]", self.place / "hills.png")
        self.reader.write("input[name=image-1-alt]", self.words["alt"])

    def previews(self):
        self.reader.follow("button[name=then][value=preview]")
        self.expect(".preview strong")
        assert self.picture_is_seen(".preview img"), "the picture is not in the preview"

    def publishes(self):
        self.reader.follow("button[name=then][value=publish]")
        self.goes_to_the_post()
        self.expect("h1", self.words["title"])
        self.expect(".body strong")
        self.expect(".tags", self.words["tag"])
        assert self.picture_is_seen(".body img"), "the picture is not in the post"

    def edits(self):
        self.reader.follow('a[href$="/update"]')
        self.reader.write("input[name=title]", self.words["new"])
        self.reader.follow("button[name=then][value=publish]")
        self.goes_to_the_post()
        self.expect("h1", self.words["new"])

    def goes_to_the_post(self):
        """Whoever publishes is led to the index, or to the post at once."""
        if not self.reader.has(".likes"):
            self.reader.follow("article h2 a")

    def comments(self):
        self.reader.write('form[action$="/comments"] textarea[name=body]', self.words["comment"])
        self.reader.follow('form[action$="/comments"] [type=submit]')
        self.expect(".comment .body", self.words["comment"])

    def likes(self):
        self.reader.follow('form[action$="/like"] button')
        self.expect('form[action$="/unlike"]')

    def searches(self):
        self.reader.follow("a.home")
        until(self.finds, 0.3)

    def finds(self):
        """The index of the search hears of a post a moment after it is there."""
        self.reader.write("input[name=q]", self.words["word"])
        self.reader.follow("form[role=search] [type=submit]")
        return self.reader.has("article h2 a") and self.words["new"] in self.reader.shown("article h2 a")

    def logs_out(self):
        self.reader.follow('form[action="/auth/logout"] [type=submit]')
        self.expect('a[href="/auth/login"]')
        assert not self.reader.has('form[action="/auth/logout"]')

    def picture_is_seen(self, selector):
        image = self.reader.find(selector)
        self.reader.run("arguments[0].scrollIntoView()", image)
        return until(lambda: image.get_property("naturalWidth"))

    def look(self, step):
        """A picture of it, and what is wrong with it whatever it is."""
        self.picture(step)
        run = self.reader.run
        note = lambda fault: self.faults.append(f"{step}: {fault}")
        if (language := run("return document.documentElement.lang")) != self.language:
            note(f"lang is {language!r}")
        if self.language == "ko" and (left := set(re.findall("[A-Za-z]{2,}", run(TOLD))) - NAMES):
            note(f"not in Korean: {' '.join(sorted(left)[:20])}")
        if (run(BRIGHTNESS) < 0.25) != (self.scheme == "dark"):
            note(f"the page is not {self.scheme}")
        if (wide := run("return document.documentElement.scrollWidth")) > self.width:
            note(f"{wide} px wide")
        self.faults += [f"{step}: {line}" for line in self.reader.console()]

    def picture(self, step):
        self.steps += 1
        shot = self.reader.tell("Page.captureScreenshot", format="webp", quality=60)
        (self.pictures / f"{self.steps:02}-{step}.webp").write_bytes(base64.b64decode(shot["data"]))


def tell(tests, program, parameters, pictures):
    """One story, on a site of its own."""
    language, scheme, script, width, way = parameters
    name = f"{language}-{scheme}-{'script' if script else 'no-script'}-{width}-{way}"
    began, reader, faults = time.monotonic(), None, []
    pictures = pictures / name
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as place:
        place = emptied(program, place)
        (place / "hills.png").write_bytes(landscape(900, 600))
        daemon = Daemon(program, place / "site").serving()
        try:
            reader = Reader(*parameters)
            story = Story(f"http://127.0.0.1:{daemon.port}", reader, parameters, place, pictures)
            faults = story.faults
            story.told()
        except Exception as error:  # of the page or of WebDriver: either way the story ends here
            faults.append(f"{type(error).__name__}: {error}")
            story.picture("fails")
        finally:
            if reader:
                reader.quit()
            daemon.discard()
    tests.check(f"{name}: {story.steps} steps, {time.monotonic() - began:.0f} s", not faults, "\n".join(faults))


def main(program, *rest):
    if rest == ("--readme",):
        return story_pictures.make(program)
    tests, pictures = Tests(), pathlib.Path(os.environ["STORY_PICTURES"])
    if rest != ("--script",):
        for parameters in STORIES:
            tell(tests, program, parameters, pictures)
    script.check(tests, program, pictures)
    tests.finish()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), *sys.argv[2:])
