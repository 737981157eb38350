"""What was measured, as one document: ratios first, then figures, then how and on what."""

import statistics


def rounded(value):
    """Three digits, as one would say it."""
    if value == 0 or abs(value) >= 1000:
        digits = max(0, len(str(int(abs(value)))) - 3)
        return f"{round(value, -digits):,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


class Figure:
    """The median of some rounds, and the lowest and highest of them."""

    def __init__(self, label, values, unit="", target=""):
        self.label, self.unit, self.target = label, unit, target
        self.values = values if isinstance(values, list) else [values]
        self.median = statistics.median(self.values)

    def spread(self):
        if len(self.values) == 1:
            return ""
        return f"{rounded(min(self.values))} – {rounded(max(self.values))}"

    def value(self):
        return f"{rounded(self.median)} {self.unit}".strip()

    def row(self):
        return row([self.label, self.value(), self.spread(), self.target])

    def cell(self):
        return f"{self.value()} ({self.spread()})" if self.spread() else self.value()

    def __str__(self):
        return f"{self.label}: {self.cell()} {self.target}"


class Report:
    """Ratios and figures in the order they were measured."""

    def __init__(self):
        self.ratios, self.sections, self.grids, self.left_out, self.lines = [], {}, {}, [], {}
        self.seconds, self.machine = 0, {}

    @staticmethod
    def of(parts):
        """What several parts have reported, one after the other."""
        whole = Report()
        for part in parts:
            whole.ratios += part.ratios
            whole.left_out += part.left_out
            whole.seconds += part.seconds
            for name in ("sections", "grids", "lines"):
                for title, rows in getattr(part, name).items():
                    getattr(whole, name).setdefault(title, []).extend(rows)
        return whole

    def ratio(self, label, values, target="", unit="×"):
        self.ratios.append(Figure(label, values, unit, target))
        print(self.ratios[-1], flush=True)

    def figure(self, section, label, values, unit="", target=""):
        self.sections.setdefault(section, []).append(Figure(label, values, unit, target))
        print(self.sections[section][-1], flush=True)

    def across(self, section, label, columns):
        """A row of figures side by side, by the names of their columns."""
        figures = {name: Figure(f"{label}, {name}", values) for name, values in columns.items()}
        self.grids.setdefault(section, []).append((label, figures))
        print("\n".join(map(str, figures.values())), flush=True)

    def line(self, name, point, value):
        """A point of a line in the plot."""
        self.lines.setdefault(name, []).append((point, value))

    def leave_out(self, what, why):
        self.left_out.append(f"{what}: {why}")
        print(f"left out: {what}: {why}", flush=True)

    def text(self, frame, machine):
        parts = [frame["head"], "## Ratios", frame["ratios"], table(self.ratios, "ratio")]
        parts += [
            "![Shares of hyper's rate, and rates as the database grows](performance.svg)",
            "## Figures",
            frame["figures"],
        ]
        parts += self.figures()
        if self.left_out:
            parts += ["## Left out", "\n".join(f"- {line}" for line in self.left_out).replace("<", "&lt;")]
        parts += ["## Machine", items(machine), frame["engines"], frame["again"]]
        return joined(parts)

    def figures(self):
        """A table for each title."""
        for title in dict.fromkeys([*self.grids, *self.sections]):
            yield from (f"### {title}", grid(self.grids.get(title, [])), table(self.sections.get(title, []), "median"))


def joined(parts):
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def items(named):
    return "\n".join(f"- {name}: {value}" for name, value in named.items())


def row(cells):
    line = f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")
    return line.replace("<", "&lt;")  # of `/<id>`, which is no markup


def table(figures, what):
    if not figures:
        return ""
    return "\n".join(
        [row(["", what, "lowest – highest", "target"]), "|---|---|---|---|", *(figure.row() for figure in figures)]
    )


def grid(rows):
    """Rows of figures, in the columns that any of them has."""
    if not rows:
        return ""
    names = list(dict.fromkeys(name for _, figures in rows for name in figures))
    lines = [
        row([label, *(figures[name].cell() if name in figures else "" for name in names)]) for label, figures in rows
    ]
    return "\n".join([row(["", *names]), "|---" * (len(names) + 1) + "|", *lines])
