#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What bench/features asks, and whether both sides answer the same.

    features.py requests SOCKET IDS BOXES FOLDER

Writes what bench_load sends (see there) to ours and to MapServer, by lines of ids, and of boxes as four numbers in
EPSG:25832: NAME.requests and NAME.theirs.requests for bbox, id, thousand, each also as NAME_gml; id_one, and deep, a page from
the middle of the collection on.

    features.py check SOCKET THEIRS FOLDER

Compares what both answer to the boxes and ids: the same features with the same coordinates, as GeoJSON and GML in EPSG:25832, and
as GeoJSON in degrees, where MapServer has some more.

    features.py all OURS THEIRS

The same of two files with all features as GeoJSON.

    features.py slow SOCKET PATH COUNT

Opens so many connections, asks each for PATH, reads the first byte of each answer and no more, says "ready", and waits for a line.
"""
import http.client
import json
import re
import socket
import sys
import urllib.parse

ITEMS = "/ogc/collections/plans/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/25832"
OURS = {"json": f"crs={EPSG}", "gml": f"crs={EPSG}&f=gml", "degrees": "f=json"}
WFS = "/mapserv?service=WFS&version=2.0.0&request=GetFeature&typenames=plans&"
THEIRS = {"json": "srsname=EPSG:25832&outputformat=application/geo%2Bjson", "gml": "srsname=EPSG:25832",
    "degrees": "srsname=EPSG:4326&outputformat=application/geo%2Bjson;%20in%3Ddegrees"}
URN = "urn:ogc:def:crs:EPSG::25832"


class Connection(http.client.HTTPConnection):
    """HTTP on a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=600)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def text(self, path):
        self.request("GET", path)
        answer = self.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {text[:500]}")
        return text


def of_box(box, form):
    return (f"{ITEMS}?limit=10000&bbox={','.join(box)}&bbox-crs={EPSG}&{OURS[form]}",
        f"{WFS}bbox={','.join(box)},{URN}&{THEIRS[form]}")


def of_id(fid, form):
    return f"{ITEMS}/{fid}?{OURS[form]}", f"{WFS}resourceid=plans.{fid}&{THEIRS[form]}"


def write(folder, name, paths):
    with open(f"{folder}/{name}.requests", "wb") as file:
        for path in paths:
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            file.write(f"{len(request)}\n".encode() + request)


def requests(where, ids, boxes, folder):
    ids = [line.strip() for line in open(ids)]
    boxes = [line.split() for line in open(boxes)]
    for form, ending in ("json", ""), ("gml", "_gml"):
        for name, pairs in (("bbox", [of_box(box, form) for box in boxes]), ("id", [of_id(fid, form) for fid in ids]),
                ("thousand", [(f"{ITEMS}?limit=1000&{OURS[form]}", f"{WFS}count=1000&{THEIRS[form]}")])):
            write(folder, name + ending, [ours for ours, _ in pairs])
            write(folder, name + ending + ".theirs", [theirs for _, theirs in pairs])
    write(folder, "id_one", [of_id(ids[0], "json")[0]])
    # Half of them in one reply, whose link leads to where that ends.
    connection = Connection(where)
    half = json.loads(connection.text(f"{ITEMS}?limit=1&{OURS['json']}"))["numberMatched"] // 2
    text = connection.text(f"{ITEMS}?limit={half}&{OURS['json']}")
    links = json.loads(text[text.rindex('"links":') + 8:-1])
    following = next(link["href"] for link in links if link["rel"] == "next")
    cursor = urllib.parse.parse_qs(urllib.parse.urlsplit(following).query)["cursor"][0]
    write(folder, "deep", [f"{ITEMS}?limit=100&{OURS['json']}&cursor={urllib.parse.quote(cursor)}"])


def numbers(part):
    if isinstance(part, (int, float)):
        yield float(part)
    else:
        for each in part:
            yield from numbers(each)


def of_geojson(text):
    return {feature.get("id") or feature["properties"]["fid"]: list(numbers(feature["geometry"]["coordinates"]))
        for feature in json.loads(text)["features"]}


def of_gml(text):
    features = re.split(r'gml:id="plans\.([0-9a-f-]{36})">', text)[1:]
    return {fid: [float(n) for ring in re.findall(r"<gml:posList[^>]*>([^<]*)<", rest) for n in ring.split()]
        for fid, rest in zip(features[::2], features[1::2])}


def compare(ours, theirs, tolerance, what):
    if ours.keys() != theirs.keys():
        raise SystemExit(f"{what}: other features: {list(ours.keys() ^ theirs.keys())[:3]}")
    for fid, expected in theirs.items():
        found = ours[fid]
        if len(found) != len(expected) or any(abs(a - b) > tolerance for a, b in zip(found, expected)):
            raise SystemExit(f"{what}: {fid} lies elsewhere: {found[:4]}, {expected[:4]}")
    return len(theirs)


def check(where, theirs, folder):
    sides = Connection(where), Connection(theirs)
    seen = 0
    ids = [line.strip() for line in open(f"{folder}/ids")][:20]
    for box in [line.split() for line in open(f"{folder}/boxes")][:50]:
        for form, read, tolerance in ("json", of_geojson, 1e-9), ("gml", of_gml, 1e-9), ("degrees", of_geojson, 1.1e-7):
            ours, other = [read(side.text(path)) for side, path in zip(sides, of_box(box, form))]
            if form == "degrees":
                # MapServer takes the box that the box has in degrees, which is larger; GDAL, which writes for it, makes 10.84 of
                # 10.83999993.
                other = {fid: place for fid, place in other.items() if fid in ours}
            seen += compare(ours, other, tolerance, f"{form} {box}")
    for fid in ids:
        ours, other = (side.text(path) for side, path in zip(sides, of_id(fid, "json")))
        compare({fid: list(numbers(json.loads(ours)["geometry"]["coordinates"]))}, of_geojson(other), 1e-9, fid)
    print(f"{seen} features are the same on both sides")


def each_feature(path):
    """Feature by feature, without the whole in memory as objects."""
    text = open(path, encoding="utf-8").read()
    decoder = json.JSONDecoder()
    at = text.index('"features"')
    at = text.index("[", at) + 1
    while True:
        at = re.compile(r"[\s,]*").match(text, at).end()
        if text[at] == "]":
            return
        feature, at = decoder.raw_decode(text, at)
        yield feature.get("id") or feature["properties"]["fid"], hash(tuple(numbers(feature["geometry"]["coordinates"])))


def everything(ours, theirs):
    one, other = dict(each_feature(ours)), dict(each_feature(theirs))
    if one != other:
        raise SystemExit("the whole collection: other features or coordinates")
    print(f"all {len(one)} features are the same on both sides")


def slow(where, path, count):
    held = []
    for _ in range(int(count)):
        conn = socket.socket(socket.AF_UNIX)
        conn.connect(where)
        conn.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        held.append(conn)
    for conn in held:
        conn.recv(1)
    print("ready", flush=True)
    sys.stdin.readline()


{"requests": requests, "check": check, "all": everything, "slow": slow}[sys.argv[1]](*sys.argv[2:])
