"""A second implementation of HJ 212, written from the description of the protocol alone.

It shares no code and no structure with the engine: a decoder, a station and a
platform, each as plain as possible, in another language. What the two do not
agree on is a fault in one of them.

    hj212_second.py decode FILE      one JSON line a frame: fields, items, verdicts
    hj212_second.py station HOST PORT MN FRAMES [tls]
    hj212_second.py platform         prints its port, serves one station, prints what it saw
"""

import datetime
import json
import re
import socket
import ssl
import sys

HEX = re.compile(rb"[0-9A-Fa-f]{4}")


def crc(data):
    """Annex A: the register's high byte meets each byte, then eight shifts."""
    reg = 0xFFFF
    for byte in data:
        reg = (reg >> 8) ^ byte
        for _ in range(8):
            low = reg & 1
            reg >>= 1
            if low:
                reg ^= 0xA001
    return reg


def modbus(data):
    reg = 0xFFFF
    for byte in data:
        reg ^= byte
        for _ in range(8):
            low = reg & 1
            reg >>= 1
            if low:
                reg ^= 0xA001
    return reg


def pack(segment):
    if isinstance(segment, str):
        segment = segment.encode()
    return b"##%04d%s%04X\r\n" % (len(segment), segment, crc(segment))


def items_of(area):
    """name=value; a value that begins with // goes to the // before a separator or the end."""
    found, pos, group = [], 0, 0
    while pos < len(area):
        match = re.compile(rb"[^=;,]*").match(area, pos)
        end = match.end()
        if end < len(area) and area[end:end + 1] == b"=":
            start = end + 1
            if area[start:start + 2] == b"//":
                close = re.compile(rb"//\s*(?=[;,]|$)").search(area, start + 2)
                stop = close.end() if close else len(area)
            else:
                sep = re.compile(rb"[;,]").search(area, start)
                stop = sep.start() if sep else len(area)
            found.append((area[pos:end].strip().decode("utf-8", "replace"), area[start:stop].decode("utf-8", "replace")))
            end = stop
        pos = end + 1
    return found


def read_segment(segment):
    """Header fields, items of the data area."""
    # The standard once prints no `;` before CP, and capitals are seen to vary.
    start = re.search(rb"(?i)CP=&&", segment) or re.search(rb"(?i)(?:(?<=[;,\s])|^)CP=", segment)
    at = start.start() if start else -1
    head = segment if at < 0 else segment[:at]
    fields = {}
    for part in re.split(rb"[;,]", head):
        if b"=" in part:
            name, value = part.split(b"=", 1)
            fields.setdefault(name.strip().decode("utf-8", "replace"), value.decode("utf-8", "replace"))
    area = b"" if at < 0 else segment[at + 3:]
    items = []
    if area.lstrip().startswith(b"&&"):
        area = area.lstrip()[2:]
        close = area.rfind(b"&&")
        items = items_of(area[:close] if close >= 0 else area)
    elif at >= 0:
        fields["CP"] = area.decode("utf-8", "replace")
    return fields, items


def algorithm(segment, given):
    value = int(given, 16)
    if crc(segment) == value:
        return []
    other = modbus(segment)
    if (other >> 8 | (other & 0xFF) << 8) == value:
        return ["crc_modbus_swapped"]
    if other == value:
        return ["crc_modbus"]
    return ["crc_mismatch"]


def decode(data):
    """All frames of data that is complete, with the noise between them."""
    out, pos = [], 0
    while pos < len(data):
        if data[pos:pos + 1] in (b"\r", b"\n"):
            pos += 1
            continue
        head = re.compile(rb"##\d{4}").search(data, pos)
        if head is None or head.start() > pos:
            end = head.start() if head else len(data)
            out.append(({}, [], ["malformed"], pos, end - pos))
            pos = end
            continue
        body = pos + 6
        declared = int(data[pos + 2:pos + 6])
        end = body + declared
        verdicts = None
        tail = data[end:end + 4]
        if HEX.fullmatch(tail):
            rest = data[end + 4:]
            ends = rest == b"" or rest[:2] == b"\r\n" or re.match(rb"##\d{4}", rest)
            verdict = algorithm(data[body:end], tail)
            if verdict == [] or ends or data[end - 2:end] == b"&&" or verdict != ["crc_mismatch"]:
                verdicts = verdict
        elif len(tail) == 4 and data[end - 2:end] == b"&&" and data[end + 4:end + 6] == b"\r\n":
            verdicts = ["crc_mismatch"]
        if verdicts is None:
            real = re.compile(rb"&&(?=[0-9A-Fa-f]{4}(?:\r\n|\n|##\d{4}|$))").search(data[:body + 9999 + 6], body)
            inner = re.compile(rb"##\d{4}").search(data, body)
            if real:
                end = real.end()
                given = data[end:end + 4]
                verdict = algorithm(data[body:end], given)
                if verdict and inner and inner.start() < end:
                    real = None
                else:
                    verdicts = ["length_mismatch_crc_ok"] if verdict == [] else ["length_mismatch_crc_bad"]
                    verdicts += [v for v in verdict if v != "crc_mismatch"]
            if not real:
                end = inner.start() if inner else len(data)
                segment = data[body:end].rstrip(b"\r\n")
                fields, items = read_segment(segment)
                out.append((fields, items, ["truncated_or_length_too_long"], pos, end - pos))
                pos = end
                continue
        fields, items = read_segment(data[body:end])
        stop = end + 4
        if data[stop:stop + 2] == b"\r\n":
            stop += 2
        elif data[stop:stop + 1] == b"\n":
            stop += 1
        out.append((fields, items, verdicts, pos, stop - pos))
        pos = stop
    return out


def lines(data):
    for fields, items, verdicts, _, _ in decode(data):
        yield {"fields": fields, "items": [{"key": k, "value": v} for k, v in items], "verdicts": verdicts}


class Link:
    """Frames of a socket, one at a time."""

    def __init__(self, sock):
        self.sock, self.data = sock, b""
        sock.settimeout(10)

    def next(self):
        while True:
            match = re.search(rb"##(\d{4})", self.data)
            if match:
                end = match.end() + int(match.group(1))
                if len(self.data) >= end + 6:
                    segment, given = self.data[match.end():end], self.data[end:end + 4]
                    self.data = self.data[end + 6:]
                    assert crc(segment) == int(given, 16), segment
                    return read_segment(segment)
            more = self.sock.recv(4096)
            if not more:
                return None
            self.data += more


def answer(fields, cn, area="", flag=4):
    return pack("QN=%s;ST=91;CN=%s;PW=%s;MN=%s;Flag=%d;CP=&&%s&&" % (fields["QN"], cn, fields["PW"], fields["MN"], flag, area))


def qn(moment, millis):
    return moment.strftime("%Y%m%d%H%M%S") + "%03d" % millis


def station(host, port, mn, frames, tls=False):
    """Uploads minute data, waits for each 9014, re-sends one, splits one, serves requests meanwhile."""
    sock = socket.create_connection((host, port))
    if tls:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        sock = context.wrap_socket(sock)
    link = Link(sock)
    start = datetime.datetime(2026, 1, 1)
    acked, served = [], []

    def serve(fields, items):
        served.append(fields["CN"])
        known = fields["CN"] in ("1000", "1011", "1012", "1062", "1064", "2011", "2012", "2021", "2022")
        if fields["CN"] in ("2012", "2022"):
            link.sock.sendall(answer(fields, "9013"))
            return
        link.sock.sendall(answer(fields, "9011", "QnRtn=%d" % (1 if known else 8)))
        if not known:
            return
        if fields["CN"] == "1011":
            now = "SystemTime=20260101000000"
            link.sock.sendall(pack("QN=%s;ST=32;CN=1011;PW=%s;MN=%s;Flag=4;CP=&&%s&&" % (fields["QN"], fields["PW"], mn, now)))
        link.sock.sendall(answer(fields, "9012", "ExeRtn=1"))

    def wait(number):
        while True:
            fields, items = link.next()
            if fields["CN"] == "9014" and fields["QN"] == number:
                acked.append(number)
                return
            if int(fields["CN"]) < 9000:
                serve(fields, items)

    for n in range(frames):
        time = start + datetime.timedelta(minutes=n)
        number = qn(time, 1)
        if n == 3:
            # A split upload: each packet has a QN of its own and waits for its answer.
            for no, area in ((1, "w00000-Avg=10.00,w00000-Flag=N"), (2, "w01018-Avg=%d.0,w01018-Flag=N" % (40 + n))):
                number = qn(time, no)
                link.sock.sendall(pack("QN=%s;ST=32;CN=2051;PW=123456;MN=%s;Flag=7;PNUM=2;PNO=%d;CP=&&DataTime=%s;%s&&" % (number, mn, no, time.strftime("%Y%m%d%H%M%S"), area)))
                wait(number)
            continue
        frame = pack("QN=%s;ST=32;CN=2051;PW=123456;MN=%s;Flag=5;CP=&&DataTime=%s;w00000-Avg=10.00,w00000-Flag=N;w01018-Avg=%d.0,w01018-Flag=N&&" % (number, mn, time.strftime("%Y%m%d%H%M%S"), 40 + n))
        if n == 5:
            link.sock.sendall(frame[:40])
            link.sock.sendall(frame[40:])
        else:
            link.sock.sendall(frame)
        wait(number)
        if n == 7:
            link.sock.sendall(frame)
            wait(number)
    link.sock.close()
    print(json.dumps({"acked": acked, "served": served}))


def platform():
    """Takes one station: answers its uploads, sets it up, asks for its clock and for history, then reports."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(1)
    print(door.getsockname()[1], flush=True)
    sock, _ = door.accept()
    link = Link(sock)
    uploads, results, data, pw, mn = [], {}, [], "123456", None
    plan = [("1012", "SystemTime=20260101120000"), ("1000", "OverTime=5;ReCount=3"), ("1062", "RtdInterval=30"), ("1062", "RtdInterval=7"),
            ("1011", ""), ("2061", "BeginTime=20260101000000;EndTime=20260101020000"), ("3022", "PolId=w01018"), ("2012", "")]
    waiting, number = None, 0
    while True:
        got = link.next()
        if got is None:
            break
        fields, items = got
        mn = fields["MN"]
        cn = fields["CN"]
        if cn in ("9011", "9012", "9013"):
            if waiting and fields["QN"] == waiting[0]:
                value = items[0][1] if items else ""
                results.setdefault(waiting[1], []).append((cn, value))
                if cn != "9011" or value != "1":
                    waiting = None
        else:
            uploads.append(cn)
            if waiting and cn == waiting[1]:
                data.append([cn, items[0][1] if items else ""])
            if int(fields.get("Flag", "0")) & 1:
                sock.sendall(answer(fields, "9014"))
        if waiting is None and plan:
            cn, area = plan.pop(0)
            number += 1
            waiting = ("20260101120000%03d" % number, cn)
            sock.sendall(pack("QN=%s;ST=32;CN=%s;PW=%s;MN=%s;Flag=5;CP=&&%s&&" % (waiting[0], cn, pw, mn, area)))
        if waiting is None and not plan:
            break
    sock.close()
    print(json.dumps({"mn": mn, "uploads": uploads, "results": results, "data": data}))


if __name__ == "__main__":
    what = sys.argv[1]
    if what == "decode":
        for line in lines(open(sys.argv[2], "rb").read()):
            print(json.dumps(line, ensure_ascii=False))
    elif what == "station":
        station(sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5]), "tls" in sys.argv)
    elif what == "platform":
        platform()
