"""Draws lines of growth: sizes and instructions in powers of ten, each as long as the other, so that twice as many for twice the size
is a line at 45 degrees in every panel."""

import itertools
import math
from xml.sax.saxutils import escape

WIDTH = 860
DECADE = 92
LEFT, LABELS = 84, 560
#: Between labels, from one's middle to the next one's.
LABEL = 17
COLOURS = ["#1668c4", "#b1431c", "#2f7d3a", "#7a3fa0", "#8a6a00", "#007a7a", "#c2185b", "#444444", "#5b7d00"]
GREY, GRID, TEXT = "#555555", "#dddddd", "#222222"


def svg(lines):
    """The lines as an SVG file that needs no other: a panel for each kind."""
    parts, top = [], 74
    for kind, group in itertools.groupby(lines, key=lambda line: line.kind):
        drawn, top = panel(kind, list(group), top)
        parts += drawn
    height = top + 4
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
        f' font-family="sans-serif" font-size="12" fill="{TEXT}">',
        "<title>Instructions a request takes as the service grows</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        text(20, 26, "What a request takes as the service grows", 'font-size="16" font-weight="bold"'),
        text(20, 46, "Instructions a request, in user space. Both axes are logarithmic and as long for each power of ten: what grows as its size"
             " does rises at 45 degrees.", f'fill="{GREY}"'),
        text(20, 62, "Beside each line: how many times as many the last takes as the first.", f'fill="{GREY}"'),
        *parts, "</svg>", "",
    ])


def text(x, y, words, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}"{" " + more if more else ""}>{escape(words)}</text>'


def panel(kind, lines, top):
    """The parts of a panel, and where the next one begins."""
    figures = [figure for line in lines for figure in line.figures.values()]
    sizes = [size for line in lines for size in line.figures]
    low, high = math.floor(math.log10(min(figures)) * 4) / 4, math.ceil(math.log10(max(figures)) * 4) / 4
    first, last = math.floor(math.log10(min(sizes))), math.log10(max(sizes))
    # A line that stays level needs some height too.
    high = max(high, low + 0.9)
    room = max((high - low) * DECADE, LABEL * len(lines))
    top += 30
    bottom = top + room
    right = LEFT + (last - first) * DECADE

    def x(size):
        return LEFT + (math.log10(size) - first) * DECADE

    def y(figure):
        return bottom - (math.log10(figure) - low) * DECADE

    parts = [text(LEFT, top - 12, f"Among more {kind}", 'font-weight="bold"')]
    for power in range(math.ceil(low), math.floor(high) + 1):
        parts.append(f'<path d="M{LEFT} {y(10**power):.1f}H{right:.1f}" stroke="{GRID}"/>')
        parts.append(text(LEFT - 8, y(10**power) + 4, f"{10**power:,}", 'text-anchor="end"'))
    for power in range(first, math.floor(last) + 1):
        parts.append(f'<path d="M{x(10**power):.1f} {top:.1f}V{bottom:.1f}" stroke="{GRID}"/>')
        parts.append(text(x(10**power), bottom + 16, f"{10**power:,}", 'text-anchor="middle"'))
    parts.append(f'<path d="M{LEFT} {top:.1f}V{bottom:.1f}H{right:.1f}" stroke="{GREY}" fill="none"/>')
    parts.append(text((LEFT + right) / 2, bottom + 34, kind, f'text-anchor="middle" fill="{GREY}"'))
    parts.append(text(0, 0, "instructions", f'transform="translate(14 {(top + bottom) / 2:.1f}) rotate(-90)" text-anchor="middle"'
                      f' fill="{GREY}"'))
    ends = [(y(list(line.figures.values())[-1]), line, colour) for line, colour in zip(lines, COLOURS, strict=False)]
    for (end, line, colour), label in zip(ends, spread([end for end, _, _ in ends], top, bottom), strict=True):
        points = [(x(size), y(figure)) for size, figure in line.figures.items()]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="2.5" fill="{colour}"/>' for px, py in points]
        parts.append(f'<path d="M{points[-1][0] + 4:.1f} {end:.1f}L{LABELS - 24} {label:.1f}H{LABELS - 6}" fill="none"'
                     f' stroke="{colour}" stroke-width="0.8"/>')
        parts.append(text(LABELS, label + 4, f"{line.name}, {line.times:.2f} ×", f'fill="{colour}"'))
    return parts, bottom + 46


def spread(places, top, bottom):
    """The places of labels, which keep their order and apart from each other."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    placed = []
    for index in order:
        placed.append(max(places[index], placed[-1] + LABEL if placed else top))
    # What was pushed out below goes up again.
    end = bottom
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], end)
        end = placed[index] - LABEL
    found = [0.0] * len(places)
    for index, place in zip(order, placed, strict=True):
        found[index] = place
    return found
