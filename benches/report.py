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

    def __init__(self, label, values, unit, target):
        self.label, self.unit, self.target = label, unit, target
        self.values = values if isinstance(values, list) else [values]
        self.median = statistics.median(self.values)

    def spread(self):
        if len(self.values) == 1:
            return ""
        return f"{rounded(min(self.values))} – {rounded(max(self.values))}"

    def row(self):
        return f"| {self.label} | {rounded(self.median)} {self.unit} | {self.spread()} | {self.target} |".replace("  ", " ")


class Report:
    """Ratios and figures in the order they were measured."""

    def __init__(self):
        self.ratios, self.sections, self.left_out, self.lines = [], {}, [], {}

    def ratio(self, label, values, target="", unit="×"):
        self.add(self.ratios, label, values, unit, target)

    def figure(self, section, label, values, unit="", target=""):
        self.add(self.sections.setdefault(section, []), label, values, unit, target)

    def add(self, rows, label, values, unit, target):
        rows.append(Figure(label, values, unit, target))
        print(f"{label}: {rounded(rows[-1].median)} {unit} ({rows[-1].spread() or 'once'}) {target}", flush=True)

    def line(self, name, point, value):
        """A point of a line in the plot."""
        self.lines.setdefault(name, []).append((point, value))

    def leave_out(self, what, why):
        self.left_out.append(f"{what}: {why}")
        print(f"left out: {what}: {why}", flush=True)

    def text(self, frame, machine):
        parts = [frame["head"], "## Ratios", frame["ratios"], table(self.ratios, "ratio")]
        parts += ["![Shares of hyper's rate, and rates as the database grows](performance.svg)", "## Figures", frame["figures"]]
        for title, rows in self.sections.items():
            parts += [f"### {title}", table(rows, "median")]
        if self.left_out:
            parts += ["## Left out", "\n".join(f"- {line}" for line in self.left_out)]
        parts += ["## Machine", "\n".join(f"- {name}: {value}" for name, value in machine.items()), frame["again"]]
        return "\n\n".join(part.strip() for part in parts) + "\n"


def table(rows, what):
    return "\n".join([f"| | {what} | lowest – highest | target |", "|---|---|---|---|", *(row.row() for row in rows)])
