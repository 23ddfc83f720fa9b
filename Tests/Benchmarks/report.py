"""The figures of a run: medians, ratios paired by round, the table, and what exceeds its bound."""

import dataclasses
import statistics

from client import Load
from work import IDLE_BOUND_KIB, LIVETALK, MALLOC_BOUNDS, RATIO_BOUNDS, START_BOUND_MS, Work

HEADINGS = ("work", "server", "CPU us", "ratio", "of rounds", "at most", "req/s", "p50 us", "p99 us",
            "mallocs", "RSS MiB")


@dataclasses.dataclass
class Line:
    """What was measured of one entry of one kind of work; the lists run by round."""

    work: Work
    server: str
    cpu_us: list[float] = dataclasses.field(default_factory=list)
    ratios: list[float] = dataclasses.field(default_factory=list)
    loads: list[Load] = dataclasses.field(default_factory=list)
    mallocs: float | None = None
    resident_kib: int | None = None

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def bound(self) -> float | None:
        return RATIO_BOUNDS.get(self.work.name) if self.server == LIVETALK else None

    def median(self, figure: str) -> float | None:
        known = [value for load in self.loads if (value := getattr(load, figure)) is not None]
        return statistics.median(known) if known else None

    def cells(self) -> list[str]:
        cpu_us, spread = statistics.median(self.cpu_us), f"{min(self.ratios):.2f}-{max(self.ratios):.2f}"
        p50, p99 = self.median("p50_us"), self.median("p99_us")
        return [
            self.work.title, self.server, f"{cpu_us:.2f}", f"{self.ratio:.2f}", spread,
            "" if self.bound is None else f"{self.bound:.2f}", f"{self.median('per_second'):,.0f}",
            "" if p50 is None else f"{p50:,.0f}", "" if p99 is None else f"{p99:,.0f}",
            "" if self.mallocs is None else f"{self.mallocs:.2f}",
            "" if self.resident_kib is None else f"{self.resident_kib / 1024:.1f}",
        ]

    def json(self) -> dict[str, object]:
        return {
            "work": self.work.name,
            "server": self.server,
            "cpu_us": statistics.median(self.cpu_us),
            "ratio": self.ratio,
            "ratio_at_most": self.bound,
            "requests_per_second": self.median("per_second"),
            "p50_us": self.median("p50_us"),
            "p99_us": self.median("p99_us"),
            "mallocs": self.mallocs,
            "resident_kib": self.resident_kib,
            "rounds": [
                {"cpu_us": cpu, "ratio": ratio, **dataclasses.asdict(load)}
                for cpu, ratio, load in zip(self.cpu_us, self.ratios, self.loads)
            ],
        }


@dataclasses.dataclass
class Report:
    """All figures of a run."""

    machine: dict[str, object]
    options: dict[str, object]
    lines: list[Line] = dataclasses.field(default_factory=list)
    start_ms: dict[str, list[float]] = dataclasses.field(default_factory=dict)
    idle_kib: dict[str, float] = dataclasses.field(default_factory=dict)
    idle_connections: int = 0

    def table(self) -> str:
        rows = [list(HEADINGS), *(line.cells() for line in self.lines)]
        width = len(HEADINGS)
        for server, times in self.start_ms.items():
            bound = f"{START_BOUND_MS:g}" if server == LIVETALK else ""
            row = ["start to first answer, ms", server, f"{statistics.median(times):.1f}", "", "", bound]
            rows.append(row + [""] * (width - len(row)))
        for server, kib in self.idle_kib.items():
            bound = f"{IDLE_BOUND_KIB:g}" if server == LIVETALK else ""
            row = [f"KiB a connection, {self.idle_connections:,} idle", server, f"{kib:.2f}", "", "", bound]
            rows.append(row + [""] * (width - len(row)))
        widths = [max(len(row[column]) for row in rows) for column in range(width)]
        rows.insert(1, ["-" * size for size in widths])
        return "\n".join(
            "  ".join(
                cell.ljust(size) if column < 2 else cell.rjust(size)
                for column, (cell, size) in enumerate(zip(row, widths))
            ).rstrip()
            for row in rows
        )

    def json(self) -> dict[str, object]:
        return {
            "machine": self.machine,
            "options": self.options,
            "work": [line.json() for line in self.lines],
            "start_ms": {
                server: {"median": statistics.median(times), "all": times}
                for server, times in self.start_ms.items()
            },
            "idle_kib": {"connections": self.idle_connections, **self.idle_kib},
            "exceeded": self.exceeded(),
        }

    def exceeded(self) -> list[str]:
        """One sentence for each bound that LiveTalk does not keep."""
        found = []
        for line in (line for line in self.lines if line.server == LIVETALK):
            if line.bound is not None and line.ratio > line.bound:
                found.append(f"{line.work.title}: ratio {line.ratio:.3f}, at most {line.bound:g}")
            mallocs = MALLOC_BOUNDS.get(line.work.name)
            if mallocs is not None and line.mallocs is not None and line.mallocs > mallocs:
                found.append(f"{line.work.title}: {line.mallocs:.2f} mallocs, at most {mallocs:g}")
        if times := self.start_ms.get(LIVETALK):
            if (median := statistics.median(times)) > START_BOUND_MS:
                found.append(f"start to first answer: {median:.1f} ms, at most {START_BOUND_MS:g}")
        if (kib := self.idle_kib.get(LIVETALK)) is not None and kib > IDLE_BOUND_KIB:
            found.append(f"idle connection: {kib:.2f} KiB, at most {IDLE_BOUND_KIB:g}")
        return found
