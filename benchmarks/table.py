"""What is printed."""

from collections.abc import Iterable

from benchmarks.load import Course
from benchmarks.statements import Statements


def print_costs(courses: Iterable[Course], statements: dict[str, Statements]) -> None:
    print(f"{'':26}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'SQL':>7}{'bad':>7}")
    for course in courses:
        figures, name = course.medians(), course.kind.name
        print(
            f"{name:26}{figures.per_second:9,.0f}{figures.p50_milliseconds:9.1f}{figures.p99_milliseconds:9.1f}"
            f"{figures.cpu_milliseconds:9.2f}{statements.get(name, '')!s:>7}{course.bad:7}"
        )
    print(
        "Medians over the rounds. CPU: of gunicorn's processes, per request. SQL: statements per request, after the +\n"
        "those that only begin or end a transaction. bad: refused, broken or timed out, in all rounds.\n"
    )


def print_growth(courses: dict[int, list[Course]]) -> None:
    """For each number of other users' expenses the same courses in the same order; ratios are to the first number."""
    print(f"{'':10}{'others have':>14}{'req/s':>9}{'ratio':>7}{'CPU ms':>9}{'ratio':>7}{'p99 ms':>9}{'bad':>7}")
    for same in zip(*courses.values(), strict=True):
        first = same[0].medians()
        for others, course in zip(courses, same, strict=True):
            figures = course.medians()
            rate_ratio = figures.per_second / first.per_second
            # The clock of /proc ticks a hundred times a second: a short run can have used nothing.
            cpu_ratio = figures.cpu_milliseconds / max(first.cpu_milliseconds, 1e-9)
            print(
                f"{course.kind.name:10}{others:14,}{figures.per_second:9,.0f}{rate_ratio:7.2f}"
                f"{figures.cpu_milliseconds:9.2f}{cpu_ratio:7.2f}{figures.p99_milliseconds:9.1f}{course.bad:7}"
            )
    print()


def print_memory(marks: list[tuple[int, float]]) -> None:
    """`marks`: after how many requests the worker had how many megabytes."""
    print(f"{'requests of one worker':26}{'MB resident':>12}")
    for requests, megabytes in marks:
        print(f"{requests:26,}{megabytes:12.1f}")
    print()
