"""The rules for text: all user input passes through `clean_text` before it is stored or compared."""

import re
import unicodedata

SPACES = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Soft hyphen, directional marks, zero-width space, word joiner, byte order mark: nobody types or sees them, they come
# with what is pasted.
DROPPED = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")

# Zero-width joiner and non-joiner: they make 👩‍🚀 one picture, and are part of how Persian, Hindi or Sinhala is spelt.
JOINERS = re.compile("[\u200c\u200d]+")
EMOJI = re.compile(r"[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
# The scripts, Arabic to Balinese, whose letters join or stack. In others a joiner is not to be seen.
JOINING_SCRIPTS = re.compile(
    r"[\u0600-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
# The tags that spell the flag of England, and the selectors of Mongolian letters.
VISIBLE_SEQUENCES = re.compile(
    r"(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
    r"|(?<=[\u1820-\u18aa])(?:[\u180b-\u180d\u180f]|\u180e(?=[\u1820-\u18aa]))"
)
# Controls (but line feed), line and paragraph separators, bidirectional embeddings, overrides and isolates, invisible
# operators and filler characters, tags, and the code points that are no characters.
FORBIDDEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f"
    r"\u2028\u2029"
    r"\u202a-\u202e\u2066-\u2069"
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2061-\u2065\u206a-\u206f\u3164\uffa0\ufff0-\ufffb"
    r"\ud800-\udfff\ufdd0-\ufdef\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)

# Marks above, below and through letters, where they are accents: Latin, Greek and ё. Elsewhere they make another letter
# (й), and the vowel signs of Hindi and the dakuten of Japanese are none of these.
ACCENTS = re.compile(
    r"[\u0300-\u036f](?<=[a-z\u00df-\u02af\u0370-\u03ff\u1d00-\u1dbf\u1e00-\u1fff\u2c60-\u2c7f\ua722-\ua7ff\uab30-\uab6f].)"
    r"[\u0300-\u036f]*|\u0308(?<=\u0435.)"
)
# Letters that Unicode does not take apart.
LIKENESSES = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}  # noqa: RUF001  # dotless i
# Joiners and variation selectors.
UNSEEN = re.compile(r"[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f]")


def clean_text(value: str, *, multiline: bool = False) -> str:
    """Return `value` as it is stored: in NFC, with line feeds for line ends and plain spaces for all others, without
    white space around it, and without what is pasted along but not seen. Joiners stay where they join something.

    Raise ValueError, with a sentence for people, where it holds a character that cannot be seen, that changes the
    direction of its surroundings or that is none, or a line end in text of one line."""
    text = SPACES.sub(" ", value.replace("\r\n", "\n"))
    if not text.isascii():
        text = unicodedata.normalize("NFC", DROPPED.sub("", text))
        text = unicodedata.normalize("NFC", JOINERS.sub(join, text))
    text = text.strip()
    if not multiline and "\n" in text:
        raise ValueError("This must be one line.")
    found = FORBIDDEN.search(text if text.isascii() else VISIBLE_SEQUENCES.sub("", text))
    if found:
        raise ValueError(f"The character U+{ord(found[0]):04X} is not allowed.")
    return text


def join(joiners: re.Match[str]) -> str:
    """Return the one joiner that stays of a run, or nothing where it joins neither letters nor emoji."""
    text, (start, end) = joiners.string, joiners.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if is_joining_letter(before) and is_joining_letter(after):
        return text[start]
    if before == "\ufe0f":
        before = text[start - 2 : start - 1]
    return "\u200d" if "\u200d" in joiners[0] and EMOJI.match(before) and EMOJI.match(after) else ""


def is_joining_letter(character: str) -> bool:
    """Return whether it is a letter of a script that joins them, or a mark on one."""
    return JOINING_SCRIPTS.match(character) is not None and unicodedata.category(character)[0] in "LM"


def fold(value: str) -> str:
    """Return `value` for comparisons without regard to case, accents and joiners, the same on every database.

    `İstanbul` becomes `istanbul`, `Bäckerei` `backerei`, `Straße` `strasse`; one character makes at most three."""
    if value.isascii():
        return value.lower()
    text = UNSEEN.sub("", unicodedata.normalize("NFD", value.casefold()))
    text = ACCENTS.sub("", text)
    for letter, plain in LIKENESSES.items():
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFC", text)
