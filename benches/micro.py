"""The parts alone: divan's times and the number of allocations, from the programs that cargo built."""

import re
import subprocess

TIMES = "Parts, alone in one thread"
ALLOCATIONS = "Allocations for a request, in process"
SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
# A line of divan's table: what stands below another part belongs to it.
LINE = re.compile(r"^(?P<below>[│ ] )?[\s│├╰─]*(?P<name>\w+) +(?P<times>[\d│].*)$")


def measure(run):
    for name, seconds in medians(run, seconds=run.seconds).items():
        run.report.figure(TIMES, f"`{name}`", seconds * 1e6, "µs")  # of many samples, by divan itself
    output = subprocess.run([run.tools.allocations], capture_output=True, text=True, check=True).stdout
    for line in output.splitlines():
        name, allocations, _ = line.split()
        run.report.figure(ALLOCATIONS, f"`{name}`", int(allocations))


def medians(run, name="", seconds=1):
    """The median of each part whose name has this in it, in seconds."""
    command = [run.tools.micro, "--bench", "--color", "never", "--max-time", str(seconds), *([name] if name else [])]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found, above = {}, ""
    for line in filter(None, map(LINE.match, output.splitlines()[1:])):
        times = [time.split() for time in line["times"].split("│")]
        if not line["below"]:
            above = line["name"]
        if times[0]:
            part = f"{above} {line['name']}" if line["below"] else above
            found[part] = float(times[2][0]) * SECONDS[times[2][1]]
    return found
