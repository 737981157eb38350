"""The README's pictures: a site that somebody writes on, as small PNGs in docs/."""

import base64
import io
import pathlib
import re
import tempfile

from PIL import Image

from content import EVERYTHING, ORDINARY, landscape
from daemon import Daemon, Visitor
from reader import Reader

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
COLOURS = 64  # enough for letters, and for hills
BYTES_MAX = 100_000


def make(program):
    with tempfile.TemporaryDirectory() as place:
        daemon = Daemon(program, place, environment={"FLASKR_PAGES_POSTS_PER_PAGE": "5"}).serving()
        try:
            mina = write(daemon)
            origin = f"http://127.0.0.1:{daemon.port}"
            take("index", origin + "/", None, "light", 1120, 760)
            take("post", origin + "/1", None, "dark", 390, 760)
            take("writing", origin + "/drafts/1", mina.cookie, "light", 1120, 860)
        finally:
            daemon.discard()


def write(daemon):
    """The posts, and the draft that is shown in the form."""
    mina = Visitor(daemon).log_in("mina")
    fields = {"title": "Above the village", "body": EVERYTHING, "tags": "walks", "format": "markdown", "image-1-alt": "Hills at dawn"}
    page = mina.upload("/create", fields | {"then": "preview"}, [("image-1", "hills.png", landscape())])[1]
    picture = re.search(r"!\[Hills at dawn\]\(/images/.*?\)", page)[0]
    body = EVERYTHING.replace("\n\n", f"\n\n{picture}\n\n", 1)
    assert mina.post("/create", **fields | {"body": body})[0] == 303
    for title, body, tags in ORDINARY:
        assert mina.post("/create", title=title, body=body, tags=tags, format="markdown", nonce=title)[0] == 303
    mina.post("/create", title=ORDINARY[-1][0], body=ORDINARY[-1][1], tags=ORDINARY[-1][2], format="markdown", then="keep", nonce="draft")
    return mina


def take(name, url, cookie, scheme, width, height):
    reader = Reader("en", scheme, True, width, "pointer")
    try:
        reader.be_wide(width, height)
        reader.be(cookie, url)
        reader.open(url)
        shot = reader.tell("Page.captureScreenshot", format="png")
    finally:
        reader.quit()
    path = DOCS / f"{name}.png"
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    assert size <= BYTES_MAX, f"{path} has {size} bytes"
    print(f"# docs/{path.name}: {size} bytes")
