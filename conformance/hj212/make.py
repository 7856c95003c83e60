"""Writes frames.jsonl: frames with what a reader has to find in them, by the second implementation.

    python3 conformance/hj212/make.py SAMPLES.csv > conformance/hj212/frames.jsonl

SAMPLES.csv holds public frames with their source; the rest is made here.
"""

import csv
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../app/gateway/tests/second"))
import hj212_second as second

A = "QN=20240601085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20240601085857;w01018-Rtd=42.1,w01018-Flag=N;w21003-Rtd=1.20,w21003-Flag=N&&"
LOG = "QN=20240601085857224;ST=32;CN=3020;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&DataTime=20240601085857;PolId=w01018;i11001-Info=//%s//&&"


def made():
    a = second.pack(A)
    for length in ("0000", "0001", "0087", "0100", "0165", "0169", "0171", "0176", "0180", "0500", "9999"):
        yield "length %s instead of 0170" % length, b"##" + length.encode() + a[6:]
        yield "length %s, and another frame behind" % length, b"##" + length.encode() + a[6:] + a
        yield "length %s and a wrong check value" % length, b"##" + length.encode() + a[6:-6] + b"A3C0\r\n" + a
    for cut in (1, 2, 5, 6, 7, 40, 90, 160, 175, 177, 178, 179, 180, 181):
        yield "cut after %d bytes" % cut, a[:cut]
        yield "cut after %d bytes, then a whole frame" % cut, a[:cut] + a
    yield "CR LF missing between two frames", a[:-2] + a
    yield "LF alone between two frames", a[:-2] + b"\n" + a
    yield "blank lines between two frames", a + b"\r\n\r\n" + a
    yield "noise between two frames", a + b"noise" + a
    yield "a hash too many", b"#" + a
    yield "two hashes too many", b"##" + a
    yield "a head without digits", b"##01x0" + a
    yield "check value with a letter beyond F", a[:-6] + b"A3G1\r\n"
    yield "CRC-16/MODBUS, high byte first", b"##0170" + A.encode() + b"%04X\r\n" % second.modbus(A.encode())
    swapped = second.modbus(A.encode())
    yield "CRC-16/MODBUS, low byte first, lower case", b"##0170" + A.encode() + (b"%04x\r\n" % (swapped >> 8 | (swapped & 255) << 8))
    for text in ("更换试剂;清洗管路##", "##0170", "a,b=c;d", "&&A3C1", "http://a/b", "", "x//y", "##0005aaaaa&&0000\r\n"):
        yield "log text: %s" % text.replace("\r\n", " "), second.pack(LOG % text)
    yield "log text not closed", second.pack(LOG[:-4] % "清洗" + "&&")
    for area in ("", " ", "DataTime=20240601085857", " DataTime=20240601085857 ; w01018-Rtd = 1 ,w01018-Flag=N", ";;,", "w01018", "a=b=c", "=5",
                 "w01018-Rtd=,w01018-Flag=N", "w01018-Rtd=NaN", "w01018-Rtd=235.665763873100838", "a&b=1"):
        yield "data area: %r" % area, second.pack(A.split("&&")[0] + "&&" + area + "&&")
    for head in (A.replace("QN=20240601085857223;", "QN=20240601085857223,"), A.replace("Flag=5", "FLAG=5"), A.replace(";MN", ";,MN"), A.replace(";Flag", "; Flag"),
                 A.replace("Flag=5;", "Flag=7;PNO=0001;PNUM=0002;"), A.replace("Flag=5;", "Flag=7;"), A.replace("QN=20240601085857223;", ""), A.split("CP=")[0]):
        yield "header: %s" % head[:110], second.pack(head)
    rng = random.Random(212)
    stream = a + second.pack(LOG % "清洗") + a
    for n in range(400):
        bad = bytearray(stream)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(bad))
            kind = rng.randrange(4)
            if kind == 0:
                bad[at] ^= 1 << rng.randrange(7)
            elif kind == 1:
                del bad[at:at + rng.randint(1, 20)]
            elif kind == 2:
                bad[at:at] = bytes(rng.choice(b"#&;=,/0129AF\r\n") for _ in range(rng.randint(1, 6)))
            else:
                bad[at] = rng.choice(b"#&;=,/0129AF\r\n")
        try:
            bytes(bad).decode()
        except UnicodeDecodeError:
            continue
        yield "three frames with random damage %d" % n, bytes(bad)


def row(identity, what, source, data):
    return json.dumps({"id": identity, "what": what, "source": source, "frame": data.decode(), "expected": list(second.lines(data))}, ensure_ascii=False)


def main():
    for r in csv.DictReader(open(sys.argv[1], encoding="utf-8")):
        data = r["frame"].replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0").encode()
        print(row(r["id"], r["what"], r["source"], data))
    for n, (what, data) in enumerate(made()):
        print(row("M%03d" % (n + 1), what, "made", data))


main()
