#!/usr/bin/env python3
"""Writes the answers of two independent packages that the tests of `values` read.

    pip install python-stdnum==2.2 chinesecalendar==1.11.0
    scripts/oracles/values.py

`credit_codes.txt`: python-stdnum's verdicts on 10,000 codes that this script and the test draw
alike (same generator, same seed); one line a hundred codes, two hexadecimal numbers: is_valid,
and whether calc_check_digit gives the last character (stdnum knows no authority A, N or Y and
wants digits in the region, the standard does not).
`working_days.txt`: chinesecalendar's is_workday, a line a month, 1 for each working day.
"""
import calendar
import datetime
import pathlib

import chinese_calendar
from stdnum.cn import uscc

OUT = pathlib.Path(__file__).parents[2] / "engines/values/tests/oracles"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MASK = (1 << 64) - 1


class Draw:
    """splitmix64, so that the test can draw the same."""

    def __init__(self, seed):
        self.state = seed

    def next(self, below):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % below


def code(draw):
    """Mostly right codes with digits in front; some with letters there; then four kinds of mistake."""
    front = 10 if draw.next(10) else 31
    text = "".join(ALPHABET[draw.next(front)] for _ in range(8)) + "".join(ALPHABET[draw.next(31)] for _ in range(9))
    text += uscc.calc_check_digit(text)
    kind = draw.next(8)
    at = draw.next(18)
    if kind == 0:  # one character replaced, perhaps by one outside the alphabet
        text = text[:at] + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[draw.next(36)] + text[at + 1 :]
    elif kind == 1 and at < 17:  # neighbours swapped
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    elif kind == 2:  # one missing
        text = text[:at] + text[at + 1 :]
    elif kind == 3:  # one too many
        text = text[:at] + "0" + text[at:]
    return text


def checks(text):
    plain = len(text) == 18 and all(c in ALPHABET for c in text)
    return plain and uscc.calc_check_digit(text[:17]) == text[17]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    draw = Draw(20251123)
    lines = ["# python-stdnum 2.2 cn.uscc: is_valid, check digit right; the first code of a line is the highest bit of 100\n"]
    for _ in range(100):
        codes = [code(draw) for _ in range(100)]
        valid = sum(1 << (99 - i) for i, c in enumerate(codes) if uscc.is_valid(c))
        right = sum(1 << (99 - i) for i, c in enumerate(codes) if checks(c))
        lines.append(f"{valid:025x} {right:025x}\n")
    (OUT / "credit_codes.txt").write_text("".join(lines))
    lines = ["# chinesecalendar 1.11.0 is_workday, one character a day\n"]
    for year in range(2019, 2027):
        for month in range(1, 13):
            days = range(1, calendar.monthrange(year, month)[1] + 1)
            work = "".join(str(int(chinese_calendar.is_workday(datetime.date(year, month, d)))) for d in days)
            lines.append(f"{year}-{month:02} {work}\n")
    (OUT / "working_days.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
