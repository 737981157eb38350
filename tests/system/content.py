"""What stands on a site that people look at: ordinary posts, and one that has all that a post can have."""

import math
import struct
import zlib

from picture import part

BREAD = """\
The starter on my windowsill is nine years old now. It survived two moves, one summer without a fridge, and a cat.

What I have learned in that time fits on a card:

1. Weigh everything. A cup of flour is whatever the weather says it is.
2. Cold dough is patient. **Twelve hours** in the fridge taste better than four on the table.
3. Bake it darker than you dare.

| loaf | flour | water | salt |
|------|------:|------:|-----:|
| everyday | 500 g | 350 g | 10 g |
| rye | 400 g | 340 g | 8 g |
| for guests | 600 g | 450 g | 12 g |

Somebody asked whether the exact numbers matter. They do not, but writing them down does: the next loaf is then
a little different *on purpose*."""

LOGS = """\
Our log files had grown to eleven gigabytes, and nobody had read a line of them in a year. Before I deleted them I
wanted to know one thing: which page had been slow, and when.

```sh
zcat access.log.*.gz | awk '$NF > 0.5 { slow[substr($4, 2, 11)]++ } END { for (day in slow) print day, slow[day] }'
```

It took four minutes and answered a question we had argued about since spring. The slow days were the days on which
the backup ran `tar` over the same disk. Moving it to three in the morning was a change of one line.

> Measure first. It is cheaper than being right.

I have since put the one-liner into a file called `slow`, next to forty others like it. The files are short, they have
no options, and each of them begins with a sentence that says why it is there."""

STREAM = """\
오늘은 홍제천을 따라 두 시간을 걸었다. 아침에는 안개가 껴서 다리 아래가 보이지 않았는데, 열 시가 넘자 물빛이 천천히 돌아왔다.

징검다리 근처에서 왜가리 한 마리를 만났다. 한참을 꼼짝하지 않더니 내가 물병을 꺼내는 소리에 날아갔다. 미안한 마음에 잠시 앉아 있었다.

- 걸은 거리: 9.4 km
- 만난 새: 왜가리, 흰뺨검둥오리, 박새
- 마신 커피: 두 잔

돌아오는 길에 작은 책방에 들러 **지도 한 장**을 샀다. 다음에는 물이 시작되는 곳까지 가 보려고 한다."""

LETTER = """\
My grandmother wrote a letter every Sunday, and she began each of them with the weather. I used to skip that part.

Reading them again this winter I noticed what it was for. "It has rained since Thursday" meant that the hay was lost.
"The frost came early" meant that there would be no plums, and so no jam, and so no parcel before Christmas. She never
complained in a letter. She told us about the sky, and let us work it out.

So here is mine. It has been dry for three weeks. The stream is low enough to cross in shoes."""

WINDOW = """\
I moved the desk under the window in October, against all advice: one looks out and does nothing, they said.

They are right, I look out. There is a row of lime trees, a bus stop, and a man who feeds crows at ten past eight. What
nobody told me is that looking up *ends* a thought in a good way. I come back to the sentence and can see what is wrong
with it.

Things that helped as well, in this order:

- no second screen,
- a lamp on the left,
- [a chair that cannot be adjusted](https://example.org/chair)."""

# What a reader of the index sees on a first visit: title, text, tags. The newest is the last.
ORDINARY = (
    ("A desk under the window", WINDOW, "work"),
    ("Letters about the weather", LETTER, "family, letters"),
    ("홍제천을 걷다", STREAM, "산책, 서울"),
    ("Eleven gigabytes of logs", LOGS, "unix, work"),
    ("Nine years of bread", BREAD, "bread, kitchen"),
)

# All that src/markdown makes.
EVERYTHING = """\
The path begins behind the last house, where the road ends at a gate. We left at six.[^1]

## The way up

First through beeches, then along the wall:

1. to the *chapel*, an hour;
2. to the **spring**, where one fills the bottles;
   - there is a cup on a chain,
   - and a bench;
3. to the ~~hut~~ ridge. The hut burned down in 2019.

- [x] water
- [ ] a map that is newer than the path

| point | height | time |
|:------|-------:|:----:|
| gate | 640 m | 6:05 |
| chapel | 980 m | 7:10 |
| ridge | 1,420 m | 9:00 |

### What one sees

> On a clear day one sees the sea from here.
>
> > And on the others, one's shoes.

The heights are from this, which reads the track of the watch:

```python
def climbed(track):
    return sum(max(0, later - earlier) for earlier, later in zip(track, track[1:]))
```

#### Distances

A very long word has to break somewhere: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft.
So has <https://example.org/a/very/long/address/that/no/phone/has/room/for/in/one/line/of/its/own/at/all>. `ridge --up`
is code.[^2]

---

저녁에는 마을에서 국수를 먹었다.

[^1]: It was dark, and we had one lamp.
[^2]: It is not a program that exists.
"""


def landscape(width=1200, height=800):
    """A PNG of hills behind hills, at dawn."""
    ridges = [[height * (0.35 + 0.14 * layer + 0.06 * math.sin(x / (90 + 40 * layer) + 2 * layer) + 0.02 * math.sin(x / 23 + layer))
               for x in range(width)] for layer in range(4)]
    hills = [bytes((150 - 34 * layer, 160 - 30 * layer, 190 - 28 * layer)) for layer in range(4)]
    rows = []
    for y in range(height):
        sky = bytes((250 - 60 * y // height, 205 - 20 * y // height, 170 + 50 * y // height))
        row = bytearray([0])
        for x in range(width):
            row += next((hills[layer] for layer in (3, 2, 1, 0) if y > ridges[layer][x]), sky)
        rows.append(bytes(row))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"".join(rows))) + part(b"IEND", b"")
