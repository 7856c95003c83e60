"""Compares `suyuan chain supply` with pymrio's test model (Leontief) and writes the table.

    pip install pymrio==0.7.0

Runs the built program: the first argument, else debug/suyuan of the target folder.

Writes engines/chain/tests/oracles/pymrio.csv: region, sector, both total outputs, relative difference.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import pymrio

root = pathlib.Path(__file__).resolve().parents[2]
target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
suyuan = sys.argv[1] if len(sys.argv) > 1 else str(target / "debug/suyuan")
io = pymrio.load_test().calc_all()
names = [f"{region}/{sector}" for region, sector in io.A.index]
demand = io.Y.sum(axis=1)

with tempfile.TemporaryDirectory() as folder:
    recipes, demands = f"{folder}/recipes.csv", f"{folder}/demands.csv"
    with open(recipes, "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow("product,input,kind,amount,unit_in,unit_out".split(","))
        for j, product in enumerate(names):
            for i, used in enumerate(names):
                if io.A.values[i, j] > 0:
                    rows.writerow([product, used, "material", repr(float(io.A.values[i, j])), "t", "t"])
    with open(demands, "w", newline="") as f:
        rows = csv.writer(f)
        rows.writerow("product,demand,unit".split(","))
        for name, value in zip(names, demand):
            rows.writerow([name, repr(float(value)), "t"])
    out = subprocess.run([suyuan, "chain", "supply", recipes, demands, "--json"], capture_output=True, text=True)
    lines = {p["product"]: float(p["need"]) for p in json.loads(out.stdout)["products"]}

worst = 0.0
with open(root / "engines/chain/tests/oracles/pymrio.csv", "w", newline="") as f:
    rows = csv.writer(f, lineterminator="\n")
    rows.writerow("sector,pymrio,suyuan,relative_difference".split(","))
    for name, x in zip(names, io.x["indout"]):
        difference = abs(lines[name] - x) / abs(x)
        worst = max(worst, difference)
        rows.writerow([name, f"{x:.12g}", f"{lines[name]:.12g}", f"{difference:.1e}"])
print(f"{len(names)} sectors, worst relative difference {worst:.1e}")
sys.exit(worst > 1e-9)
