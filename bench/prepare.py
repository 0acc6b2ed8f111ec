#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Makes procedures of Hamburg that ask Halstenbek, over REST as their users would, and writes what
bench_load sends (length, line end, request; see there).

    prepare.py requests SOCKET PLANNER MUNICIPALITY PROCEDURES PLANS FOLDER

PLANNER and MUNICIPALITY are tokens. PLANS has lines of an AGS, a tab and a geometry as GeoJSON in
EPSG:25832. FOLDER gets preview.requests, read.requests and submit.requests, and invitations with one
id a line.

    prepare.py sign_in SOCKET EMAIL PASSWORD TOKEN SESSIONS FOLDER

Signs in so often, and writes the same read as nobody, by each of the sessions, and by the token.

    prepare.py file SOCKET PLANNER PLANS

Files each plan in a procedure of its own.

    prepare.py check SOCKET PLANS ROWS

Sends each plan once and compares whom the answer names, how far away, with what overlap and shared
border, with ROWS: lines of plan, AGS and these three, as PostGIS has them.
"""
import datetime
import http.client
import json
import pathlib
import socket
import sys

TOLERANCES = (0.001 + 1e-9, 0.1, 0.01)
EXTENT = {"type": "Polygon", "coordinates": [[[9.900, 53.630], [9.906, 53.630], [9.906, 53.635],
    [9.900, 53.635], [9.900, 53.630]]]}
STATEMENT = {"stance": "BEDENKEN", "text": "Die Zufahrt führt durch unser Gemeindegebiet. Wir bitten, den "
    "Verkehr über die Holsteiner Chaussee zu führen, die Lärmwerte an der Gemeindegrenze nachzuweisen und das "
    "Regenwasser auf dem Grundstück zurückzuhalten, weil der Graben an der Grenze schon heute überläuft."}


class Connection(http.client.HTTPConnection):
    """HTTP on a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def ask(self, method, path, token=None, body=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = "Bearer " + token
        self.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = self.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {path}: {answer.status} {text}")
        return json.loads(text)

    def sign_in(self, email, password):
        self.request("POST", "/api/v1/session", json.dumps({"email": email, "password": password}),
            {"Content-Type": "application/json"})
        answer = self.getresponse()
        answer.read()
        if answer.status != 201:
            raise SystemExit(f"sign-in: {answer.status}")
        return answer.headers["Set-Cookie"].partition(";")[0]


def request(method, path, token=None, body=None, key="", cookie=""):
    """One request as it goes over the wire, with its length before it."""
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    lines = [f"{method} /api/v1{path} HTTP/1.1", "Host: localhost"]
    if token:
        lines.append("Authorization: Bearer " + token)
    if cookie:
        lines.append("Cookie: " + cookie)
    if key:
        lines.append("Idempotency-Key: " + key)
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    whole = "\r\n".join(lines + ["", ""]).encode() + content
    return b"%d\n" % len(whole) + whole


def preview(line):
    planning, geometry = line.rstrip("\n").split("\t")
    return {"kind": "BP_REGEL", "planning_municipalities": [planning], "crs": "EPSG:25832",
        "geometry": json.loads(geometry)}


def make_procedure(server, planner, title):
    procedure = server.ask("POST", "/procedures", planner, {"kind": "BP_REGEL", "title": title,
        "planning_municipalities": ["02000000"]})["id"]
    plan = server.ask("POST", f"/procedures/{procedure}/plans", planner, {"geometry": EXTENT})["id"]
    server.ask("POST", f"/plans/{plan}/affected/confirm", planner, {})
    today = datetime.date.today()
    server.ask("POST", f"/procedures/{procedure}/rounds", planner, {"step": "FOERM_TOEB", "audience": "TOEB",
        "start": str(today + datetime.timedelta(1)), "end": str(today + datetime.timedelta(45))})
    return procedure


def find_invitations(server, municipality, count):
    found, path = [], "/inbox?limit=100"
    while path:
        page = server.ask("GET", path, municipality)
        found += [item["id"] for item in page["invitations"]]
        path = page["next"] and page["next"].partition("/api/v1")[2]
    if len(found) != count:
        raise SystemExit(f"{len(found)} invitations instead of {count}")
    return found


def write_requests(path, planner, municipality, count, plans, folder):
    server, folder = Connection(path), pathlib.Path(folder)
    procedures = [make_procedure(server, planner, f"Bebauungsplan Schnelsen {n}") for n in range(int(count))]
    invitations = find_invitations(server, municipality, len(procedures))
    folder.joinpath("invitations").write_text("".join(f"{i}\n" for i in invitations), encoding="ascii")
    folder.joinpath("procedure").write_text(procedures[0] + "\n", encoding="ascii")
    folder.joinpath("statement").write_text(json.dumps(STATEMENT, ensure_ascii=False) + "\n", encoding="utf-8")
    with open(plans, encoding="utf-8") as lines:
        folder.joinpath("preview.requests").write_bytes(b"".join(
            request("POST", "/affected-preview", body=preview(line)) for line in lines))
    folder.joinpath("read.requests").write_bytes(request("GET", "/procedures/" + procedures[0], planner))
    folder.joinpath("submit.requests").write_bytes(b"".join(request("POST", f"/invitations/{i}/statements",
        municipality, STATEMENT, key="K" * 16) for i in invitations))


def write_sign_in(path, email, password, token, count, folder):
    server, folder, read = Connection(path), pathlib.Path(folder), "/municipalities/01056013"
    cookies = [server.sign_in(email, password) for _ in range(int(count))]
    folder.joinpath("nobody.requests").write_bytes(request("GET", read))
    folder.joinpath("token.requests").write_bytes(request("GET", read, token))
    folder.joinpath("session.requests").write_bytes(b"".join(request("GET", read, cookie=cookie) for cookie in cookies))


def file_plans(path, planner, plans):
    server = Connection(path)
    with open(plans, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            plan = preview(line)
            procedure = server.ask("POST", "/procedures", planner, {"kind": plan["kind"],
                "title": f"Nachrechnung {number}", "planning_municipalities": plan["planning_municipalities"]})["id"]
            server.ask("POST", f"/procedures/{procedure}/plans", planner, {"geometry": plan["geometry"], "crs": plan["crs"]})


def check(path, plans, rows):
    server, expected, count = Connection(path), {}, 0
    with open(rows, encoding="utf-8") as lines:
        for line in lines:
            plan, ags, *measures = line.split("\t")
            expected.setdefault(int(plan), {})[ags] = [float(m) for m in measures]
    with open(plans, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            found = {row["ags"]: [row["distance_m"], row["overlap_m2"], row["shared_border_m"] or 0]
                for row in server.ask("POST", "/affected-preview", body=preview(line))["municipalities"]}
            theirs = expected.get(number, {})
            if found.keys() != theirs.keys() or any(abs(a - b) > tolerance for ags in found
                    for a, b, tolerance in zip(found[ags], theirs[ags], TOLERANCES)):
                raise SystemExit(f"plan {number}: ours {found}, PostGIS {theirs}")
            count += len(found)
    print(f"{number} plans, {count} rows over HTTP, all equal", file=sys.stderr)


def main():
    what = {"requests": write_requests, "sign_in": write_sign_in, "file": file_plans, "check": check}
    if len(sys.argv) < 2 or sys.argv[1] not in what:
        raise SystemExit(__doc__)
    what[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
