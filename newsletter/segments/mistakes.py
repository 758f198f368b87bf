"""What is wrong with a segment that cannot be read, and where."""

from newsletter.language import Wording, say, say_list


class SegmentError(ValueError):
    """A segment cannot be read; it chooses nobody, and whoever asked for it must stop."""

    def __init__(
        self, what: Wording, *, line: int = 1, column: int = 1, expected: tuple[str, ...] = ()
    ) -> None:
        place = say("line {line}, character {column}", line=line, column=column)
        self.words = say_list((place, what), ": ")  # all of it, for people
        super().__init__(self.words)
        self.what = what  # without the place
        self.line = line  # of the segment, from 1
        self.column = column  # of that line, from 1: where the mistake is
        self.expected = expected  # what could stand there instead, as it is written
