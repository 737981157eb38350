"""What a program shows in a terminal, and what a shell makes of a key there."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
import unicodedata

ROWS = 40
SECONDS_MAX = 20


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, words, environment, columns=100):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
            os.execvpe(words[0], words, environment)
        self.text = ""

    def read(self, until=None, seconds=SECONDS_MAX):
        """Reads on until this is there; without it, to the end, or until nothing comes for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and re.search(until, self.text)):
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    part = os.read(self.master, 65536)
                except OSError:  # it has ended
                    break
                if not part:
                    break
                self.text += part.decode(errors="replace")
        return self.text

    def settle(self):
        """Reads on until nothing has come for half a second."""
        length = -1
        while len(self.text) != length:
            length = len(self.text)
            self.read(seconds=0.5)

    def type(self, text):
        """As if somebody typed it."""
        os.write(self.master, text.encode())

    def status(self):
        """How it ended."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def environment(share, **more):
    """Of a person who has just logged in."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "FLASKR_LISTEN", "NO_COLOR")}
    home = os.path.join(os.path.dirname(share), "home")
    os.makedirs(home, exist_ok=True)
    return {**kept, "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "XDG_DATA_DIRS": f"{share}:/usr/local/share:/usr/share", **more}


SHELLS = {
    "bash": (["bash", "--norc", "-i"], ". /usr/share/bash-completion/bash_completion\n"),
    "zsh": (["zsh", "-f", "-i"], "fpath=({share}/zsh/vendor-completions $fpath); autoload -Uz compinit; compinit -u; bindkey -e\n"),
    "fish": (["fish", "--no-config", "-i"], "set -g fish_complete_path {share}/fish/vendor_completions.d\n"),
}


def completes(share, shell, typed, wanted):
    """Whether the Tab key makes of these words those."""
    words, setup = SHELLS[shell]
    terminal = Terminal(words, environment(share))
    terminal.type(setup.format(share=share))
    terminal.type("echo rea''dy\n")
    terminal.read(until=r"\nready")
    terminal.type(f"{typed}\t")
    terminal.settle()
    terminal.type("\x01echo '<' \x05 '>'\n")  # to the beginning of the line, and to its end
    wanted_line = rf"\n[^\n]*< {re.escape(wanted)} >"
    shown = terminal.read(until=wanted_line, seconds=5)
    terminal.type("\x03\nexit\n")
    return bool(re.search(wanted_line, shown)), shown


def run(share, words, columns=100):
    """All that a program shows, and how it ended."""
    terminal = Terminal(words, environment(share), columns)
    shown = terminal.read()
    return shown, terminal.status()


def width(line):
    """Columns that a line takes."""
    line = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def main(share, what, *words):
    """Does one of them; says what was shown if it is not so."""
    if what == "completes":
        good, shown = completes(share, *words)
    elif what == "shows":
        shown, status = run(share, words[1:])
        good = status == 0 and words[0] in shown
    elif what == "fits":
        shown, _ = run(share, words[1:], int(words[0]))
        # What a bar wrote over is no line.
        lines = [line.rsplit("\r", 1)[-1] for line in shown.replace("\r\n", "\n").split("\n")]
        good = len(lines) > 3 and all(width(line) <= int(words[0]) for line in lines)
    elif what == "colourless":
        shown, status = run(share, words)
        good = status == 0 and not re.search(r"\x1b\[[0-9;]*m", shown)
    else:  # answers
        terminal = Terminal(list(words[2:]), environment(share))
        terminal.read(until="go on: ")
        terminal.type(words[0] + "\n")
        shown = terminal.read()
        good = terminal.status() == int(words[1])
    if not good:
        print(repr(shown))
    return 0 if good else 1


sys.exit(main(*sys.argv[1:]))
