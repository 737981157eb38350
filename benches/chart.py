"""The plot of docs/performance.md: shares of raw hyper's rate as bars, rates as the database grows as lines."""

import math
import re
from html import escape

WIDTH, LEFT, RIGHT = 720, 250, 60
BAR, GAP, LINE_HEIGHT, PLOT_HEIGHT = 16, 10, 18, 180
# Told apart in any kind of sight, on white and on black.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#888888"]
STYLE = """text { font: 13px sans-serif; fill: #222 } .title { font-weight: bold } .axis { stroke: #888 } .grid { stroke: #8884 }
.bar { fill: #0072b2 } .target { stroke: #d55e00; stroke-width: 2 } .line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .bar { fill: #56b4e9 } .target { stroke: #ffa94d } }"""
TO_RAW = re.compile(r"(GET .*), to raw_hyper$")


class Drawing:
    """Elements, from the top down."""

    def __init__(self):
        self.elements, self.y = [], 20

    def add(self, element):
        self.elements.append(element)

    def text(self, x, y, text, anchor="start", kind=""):
        self.add(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>')

    def line(self, x1, y1, x2, y2, kind):
        self.add(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')

    def title(self, text):
        self.text(10, self.y, text, kind="title")
        self.y += LINE_HEIGHT

    def done(self):
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.y}" role="img" aria-labelledby="title">'
        title = '<title id="title">The daemon’s rates: as shares of hyper’s alone, and as the database grows</title>'
        return "\n".join([head, title, f"<style>{STYLE}</style>", *self.elements, "</svg>"]) + "\n"


def draw(report):
    drawing = Drawing()
    bars = [(found[1], row) for row in report.ratios if (found := TO_RAW.match(row.label))]
    if bars:
        draw_bars(drawing, bars)
    if report.lines:
        draw_lines(drawing, report.lines)
    return drawing.done()


def draw_bars(drawing, bars):
    drawing.title("Rate, as a share of hyper’s with the same bytes (mark: target)")
    most = max(1.0, *(row.median for _, row in bars))
    scale = (WIDTH - LEFT - RIGHT) / most
    for label, row in bars:
        middle = drawing.y + BAR * 0.8
        drawing.text(LEFT - 8, middle, label, "end")
        drawing.add(f'<rect x="{LEFT}" y="{drawing.y}" width="{row.median * scale:.1f}" height="{BAR}" class="bar"/>')
        target = re.search(r"at least ([\d.]+)", row.target)
        end = row.median
        if target:
            x = LEFT + float(target[1]) * scale
            drawing.line(x, drawing.y - 3, x, drawing.y + BAR + 3, "target")
            end = max(end, float(target[1]))
        drawing.text(LEFT + end * scale + 6, middle, f"{row.median:.2f}")
        drawing.y += BAR + GAP
    drawing.y += LINE_HEIGHT


def draw_lines(drawing, lines):
    drawing.title("Rate as the database grows, as a share of that of the smallest")
    points = [point for line in lines.values() for point in line]
    most = max(1.2, *(share for _, share in points))
    first, last = (math.log10(f(posts for posts, _ in points)) for f in (min, max))
    bottom, left = drawing.y + PLOT_HEIGHT, 50

    def place(posts, share):
        width = WIDTH - left - RIGHT
        return left + (math.log10(posts) - first) / (last - first) * width, bottom - share / most * PLOT_HEIGHT

    for share in (0, 0.5, 1):
        y = place(10**first, share)[1]
        drawing.line(left, y, WIDTH - RIGHT, y, "grid" if share else "axis")
        drawing.text(left - 8, y + 4, f"{share:g}", "end")
    for posts in sorted({posts for posts, _ in points}):
        drawing.text(place(posts, 0)[0], bottom + LINE_HEIGHT, f"{posts:,} posts", "middle")
    for (name, line), colour in zip(lines.items(), COLOURS):
        path = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in line)
        drawing.add(f'<polyline points="{path}" class="line" stroke="{colour}"/>')
    drawing.y = bottom + 2 * LINE_HEIGHT + 8
    legend(drawing, lines, left)


def legend(drawing, lines, left):
    for name, colour in zip(lines, COLOURS):
        drawing.add(f'<rect x="{left}" y="{drawing.y - 9}" width="12" height="4" fill="{colour}"/>')
        drawing.text(left + 20, drawing.y, name)
        drawing.y += LINE_HEIGHT
