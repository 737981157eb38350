"""Text that looks like a blog's, in English and Korean, the same for the same seed: words as frequent as in nature."""

import itertools
import random

ENGLISH = """the of and to a in is it that for was on are as with his they at be this from or one had by but not what all
were we when your can said there use an each which she do how their if will up other about out many then them these so
some her would make like him into time has look two more write go see number no way could people my than first water
been call who oil its now find long down day did get come made may part kettle monday garden letter winter""".split()
KOREAN = """그 이 수 것 나는 우리 사람 때 말 일 더 그리고 하지만 있는 없는 하는 된다 했다 있다 좋은 오늘 내일 어제 시간
생각 마음 이야기 아침 저녁 주전자 편지 겨울 바다 하늘 나무 사람들은 우리가 그래서 때문에 처음으로 조금 다시 함께 정말
아주 서울 여름 커피 책을 글을 길을 집에 물이""".split()
ENGLISH_ONSETS = "b c ch d f g h j k l m n p r s sh st t th tr v w".split()
ENGLISH_RHYMES = "a ack ain an ar e ed el en er est i ick in ing ish it o on ool or ound ow u un ur y".split()
KOREAN_ENDINGS = ["", "", "은", "는", "이", "가", "을", "를", "에", "의", "도", "로"]
RARE_LETTERS = "jqxz"
WORDS_OF_EACH = 20_000
CHARACTERS_PER_POST = 300


def english(random_source):
    while True:
        syllables = random_source.choices([1, 2, 3], [1, 4, 2])[0]
        parts = (random_source.choice(ENGLISH_ONSETS) + random_source.choice(ENGLISH_RHYMES) for _ in range(syllables))
        yield "".join(parts)


def korean(random_source):
    # The syllables that are in use are those of the old national standard: 2350 of 11,172.
    used = [chr(point) for point in range(ord("가"), ord("힣") + 1) if chr(point).encode("euc_kr", "ignore")]
    while True:
        syllables = random_source.choices([1, 2, 3], [1, 6, 3])[0]
        stem = "".join(random_source.choices(used, k=syllables))
        yield stem + random_source.choice(KOREAN_ENDINGS)


def vocabulary(common, more, random_source):
    """So many different words, the most common first."""
    words = dict.fromkeys(itertools.chain(common, itertools.islice(more(random_source), 3 * WORDS_OF_EACH)))
    return list(words)[:WORDS_OF_EACH]


class Text:
    """Titles and bodies of posts, one after the other."""

    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.english = vocabulary(ENGLISH, english, self.random)
        self.english[-len(RARE_LETTERS) :] = RARE_LETTERS
        self.korean = vocabulary(KOREAN, korean, self.random)
        self.words = [word for pair in zip(self.english, self.korean) for word in pair]
        # Zipf's law: the second most common word is half as common as the first, and so on.
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def choose(self, count):
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def post(self, characters=CHARACTERS_PER_POST):
        """A title and a body of about so many characters."""
        words = self.choose(characters // 4)
        title, words = " ".join(words[:5]).capitalize(), words[5:]
        length = list(itertools.accumulate(len(word) + 1 for word in words))
        body = " ".join(word for word, end in zip(words, length) if end <= characters)
        return title, f"{body}."

    def class_of(self, words, letters, rare, count):
        """Words of so many letters (3: or more), the most common or the rarest."""
        fitting = [word for word in words if min(len(word), 3) == letters]
        count = min(count, max(1, len(fitting) // 2))  # of one letter there are few
        return fitting[-count:] if rare else fitting[:count]
