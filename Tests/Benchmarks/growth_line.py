"""What a kind of request takes at each size of what it is among."""

import math


class Line:
    def __init__(self, kind, name, must=None):
        #: What there are more and more of.
        self.kind = kind
        self.name = name
        #: Why it grows faster than its logarithm, when that is known.
        self.must = must
        #: The instructions at each size, the smallest first.
        self.figures = {}

    def add(self, size, figure):
        self.figures[size] = figure

    @property
    def times(self):
        """How many times as many the largest takes as the smallest."""
        figures = list(self.figures.values())
        return figures[-1] / figures[0]

    @property
    def is_steep(self):
        """Whether it grows faster than the logarithm of the size: over all sizes, and from the last but one to the last, as what is
        walked may have a bound."""
        points = list(self.figures.items())
        return len(points) > 1 and all(
            many / few > max(1.05, math.log(last) / math.log(max(2, first)))
            for (first, few), (last, many) in [(points[0], points[-1]), points[-2:]])
