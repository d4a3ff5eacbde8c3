#!/usr/bin/env python3
"""Turns a screen, as `tmux capture-pane -e -p` prints it, into an SVG on standard output.

Usage: svg.py COLUMNS TITLE <SCREEN
"""

import re
import sys
import unicodedata
from xml.sax.saxutils import escape, quoteattr

# One character cell, the room around the text, and the bar above it.
WIDE, HIGH, SIZE, EDGE, BAR = 8.4, 20, 14, 16, 30
BACK, FRONT, FRAME = "#16181d", "#d5d8de", "#2b2f38"
COLOURS = [
    "#2b2f38", "#f07178", "#8fce6b", "#f2c14e", "#74a8fc", "#c792ea", "#5cc9d6", "#d5d8de",
    "#6b7280", "#ff8b92", "#a9e08a", "#ffd773", "#93bdff", "#d8b0f5", "#83dde8", "#ffffff",
]
PIECE = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.|([^\x1b]+)")


def colour(number):
    """A colour of the table of 256."""
    if number < 16:
        return COLOURS[number]
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    steps = [0, 95, 135, 175, 215, 255]
    number -= 16
    red, green, blue = steps[number // 36], steps[number // 6 % 6], steps[number % 6]
    return f"#{red:02x}{green:02x}{blue:02x}"


def restyled(style, codes):
    """The style after one SGR sequence."""
    style = dict(style)
    numbers = [int(code or 0) for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            style = {}
        elif code in (1, 2, 3, 4, 7):
            style[{1: "bold", 2: "dim", 3: "italic", 4: "line", 7: "turned"}[code]] = True
        elif code == 22:
            style.pop("bold", None)
            style.pop("dim", None)
        elif code in (23, 24, 27):
            style.pop({23: "italic", 24: "line", 27: "turned"}[code], None)
        elif code in (38, 48):
            kind = numbers.pop(0) if numbers else 0
            place = "front" if code == 38 else "back"
            if kind == 5 and numbers:
                style[place] = colour(numbers.pop(0))
            elif kind == 2 and len(numbers) >= 3:
                style[place] = "#{:02x}{:02x}{:02x}".format(*numbers[:3])
                del numbers[:3]
        elif code in (39, 49):
            style.pop("front" if code == 39 else "back", None)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style["front"] = COLOURS[code - 30 if code < 90 else code - 82]
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style["back"] = COLOURS[code - 40 if code < 100 else code - 92]
    return style


def cells(text):
    """The columns that a text takes."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    marks = sum(unicodedata.combining(c) > 0 for c in text)
    return len(text) + wide - marks


def pieces(line, style):
    """The texts of a line with column and style, and the style that the next line begins with."""
    column, found = 0, []
    for match in PIECE.finditer(line):
        if match[1] is not None:
            style = restyled(style, match[1])
        elif match[2]:
            # Words stand at their own columns, whatever the reader's font does with spaces.
            for word in re.findall(r" +|[^ ]+(?: [^ ]+)*", match[2]):
                if word.strip() or style.get("back") or style.get("turned"):
                    found.append((column, word, style))
                column += cells(word)
    return found, style


def drawn(column, row, text, style):
    """One text, with the ground that it stands on."""
    front, back = style.get("front", FRONT), style.get("back")
    if style.get("turned"):
        front, back = back or BACK, front
    left, top, width = EDGE + column * WIDE, BAR + row * HIGH, cells(text) * WIDE
    out = ""
    if back:
        out += f'<rect x="{left:g}" y="{top + 2:g}" width="{width:g}" height="{HIGH}" fill="{back}" shape-rendering="crispEdges"/>\n'
    if not text.strip():
        return out
    looks = [f'fill="{front}"']
    looks += ['font-weight="bold"'] if style.get("bold") else []
    looks += ['font-style="italic"'] if style.get("italic") else []
    looks += ['opacity="0.6"'] if style.get("dim") else []
    looks += ['text-decoration="underline"'] if style.get("line") else []
    place = f'x="{left:g}" y="{top + 16:g}" textLength="{width:g}"'
    return out + f"<text {place} {' '.join(looks)}>{escape(text)}</text>\n"


def main():
    columns, title = int(sys.argv[1]), sys.argv[2]
    lines = sys.stdin.read().rstrip("\n").split("\n")
    width, height = 2 * EDGE + columns * WIDE, BAR + len(lines) * HIGH + EDGE
    out = (
        "<!-- Generated: `sh .github/picture/make.sh` runs tabctl and writes this. -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" aria-label={quoteattr(title)}>\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{BACK}" stroke="{FRAME}"/>\n'
    )
    for place, fill in ((18, "#f07178"), (36, "#f2c14e"), (54, "#8fce6b")):
        out += f'<circle cx="{place}" cy="15" r="5" fill="{fill}"/>\n'
    out += (
        '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" '
        f'font-size="{SIZE}" xml:space="preserve">\n'
    )
    style = {}
    for row, line in enumerate(lines):
        found, style = pieces(line, style)
        out += "".join(drawn(column, row, text, look) for column, text, look in found)
    sys.stdout.write(out + "</g>\n</svg>\n")


main()
