"""What was checked, as a table: a row for each topic, a column for each client."""

import traceback
from contextlib import contextmanager


class Results:
    def __init__(self, columns):
        self.columns = columns
        self.cells = {}
        self.failures = []

    def of(self, column):
        """The checks of one client."""
        return Column(self, column)

    def show(self):
        """Prints everything; the exit code of the program."""
        head = ["", *self.columns]
        rows = [[topic, *(self._cell(row, column) for column in self.columns)]
                for topic, row in self.cells.items()]
        widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
        for row in [head, *rows]:
            print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
        for failure in self.failures:
            print(f"\nFAILED  {failure}")
        passed, failed = (sum(row.get(column, (0, 0))[at] for row in self.cells.values()
                              for column in self.columns) for at in (0, 1))
        print(f"\n{passed} passed, {failed} failed")
        return 1 if failed or not passed else 0

    @staticmethod
    def _cell(row, column):
        if column not in row:
            return "-"
        passed, failed = row[column]
        return f"{failed} of {passed + failed} FAILED" if failed else f"{passed} passed"


class Column:
    def __init__(self, results, name):
        self.results = results
        self.name = name

    @contextmanager
    def check(self, topic, what):
        """The block is one check: it fails with the exception that leaves it."""
        row = self.results.cells.setdefault(topic, {})
        passed, failed = row.get(self.name, (0, 0))
        try:
            yield
        except Exception as error:  # whatever a client raises is a finding
            frames = traceback.extract_tb(error.__traceback__)
            # The first one is the `yield`, the second one the block.
            place, last = frames[min(1, len(frames) - 1)], frames[-1]
            self.results.failures.append(
                f"{self.name}, {topic}: {what}\n    {type(error).__name__}: {str(error)[:2000]}"
                f"\n    in {place.name}, line {place.lineno}; raised by {last.name}, line {last.lineno}")
            row[self.name] = (passed, failed + 1)
        else:
            row[self.name] = (passed + 1, failed)


def equal(found, expected):
    """Fails unless both are the same."""
    if found != expected:
        raise AssertionError(f"found {_short(found)}, expected {_short(expected)}")


def holds(text, *parts):
    """Fails unless the text has all these parts."""
    for part in parts:
        if part not in text:
            raise AssertionError(f"{part!r} is not in {_short(text)}")


def _short(value):
    text = repr(value)
    return text if len(text) < 600 else f"{text[:600]}... ({len(text)} characters)"
