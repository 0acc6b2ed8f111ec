#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Proves the floors of docs/architecture.md by reading every #include under include/ and server/.

A file includes from its own room, or from a lower floor. Rooms on floor 1 are blind to each other,
rooms on floor 3 never see io and never each other; on floor 4 command sees recompute, process and database, recompute sees process and database,
and process sees database. A third-party header appears where the table below allows it. There is no
SQL in C. Exits 1 and names each line that breaks a rule.
"""
import pathlib
import re
import sys

FLOOR = {"base": 0, "io": 1, "fmt": 1, "geo": 1, "law": 1, "core": 2, "feature": 2.5, "rooms": 3, "files": 3}
HIDDEN = {"rooms": {"io"}}
# The rooms of the fourth floor, each seeing those before it; their headers are not public.
FOURTH = ["database", "process", "recompute", "command"]
THIRD_PARTY = [
    (r"event2/", {"server/io/"}),
    (r"llhttp\.h", {"server/io/"}),
    (r"libpq-fe\.h", {"server/io/"}),
    (r"(zlib|brotli/.*)\.h", {"server/io/", "server/files/"}),
    (r"sodium\.h", {"server/io/"}),
    (r"zxcvbn\.h", {"server/io/password.c"}),
    (r"curl/", {"server/io/"}),
    (r"openssl/.*", {"server/io/hmac.c"}),
    (r"cjose/.*", {"server/core/oidc.c"}),
    (r"(geos_c|proj)\.h", {"server/geo/"}),
    (r"jansson\.h", {"server/fmt/json.c"}),
    (r"expat\.h", {"server/fmt/element.c"}),
    (r"libxml/", {"server/files/"}),
    (r"(cairo|cairo-pdf|qrencode)\.h", {"server/files/"}),
    (r"(pango|fontconfig)/.*", {"server/files/"}),
    (r"(gdal|ogr_\w+|cpl_\w+|archive|archive_entry|magic)\.h", {"server/files/"}),
    (r"seccomp\.h", {"server/process/sandbox.c", "server/files/"}),
    (r"ini\.h", {"server/config.c"}),
]
SQL = re.compile(r'"\s*(select|insert into|update|delete from|create|alter|drop|grant)\s', re.I)
# What opens a connection or a cluster has to say a few fixed sentences before any named query.
SQL_ALLOWED = {"server/io/db_conn.c", "server/database/migrate.c", "server/database/postgres.c"}


def room_of(path):
    """The room of a file below server/ or include/pp/; None for floor 4."""
    parts = path.parts
    if parts[0] == "include":
        return parts[2]
    return parts[1] if len(parts) > 2 else None


def check_private(relative, target, where, bad):
    """An include in quotes: of the room's own, or further down."""
    room, folder = room_of(relative), (pathlib.Path("/") / relative.parent / target).resolve()
    other = room_of(pathlib.Path(*folder.parts[1:])) if ".." in target else room
    if other == room == "rooms" and len(folder.parts) > 4 and folder.parts[3] != relative.parts[2]:
        bad.append(f"{where}: rooms meet in the database, not through {target}")
    if other in (None, room):
        return
    seen = FOURTH[:FOURTH.index(room)] if room in FOURTH else []
    if other not in seen and not (room in FOURTH and other in FLOOR):
        bad.append(f"{where}: {room} must not see {other}")


def check(root, path, bad):
    relative = path.relative_to(root)
    room = room_of(relative)
    floor = FLOOR.get(room, 4) if room else 4
    name = str(relative)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{name}:{number}"
        if SQL.search(line) and name not in SQL_ALLOWED and "/sql" not in name:
            bad.append(f"{where}: SQL belongs into sql/: {line.strip()[:60]}")
        match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if not match:
            continue
        target = match.group(1)
        for pattern, allowed in THIRD_PARTY:
            if re.fullmatch(pattern if pattern.endswith(r"\.h") else pattern + ".*", target):
                if not any(name.startswith(place) for place in allowed):
                    bad.append(f"{where}: <{target}> belongs into {', '.join(sorted(allowed))}")
        if '"' in line.split(target)[0]:
            check_private(relative, target, where, bad)
        match = re.match(r"pp/(\w+)/", target)
        if not match or room is None:
            continue
        other = match.group(1)
        if other not in FLOOR:
            bad.append(f"{where}: no such room: {other}")
        elif other != room and (FLOOR[other] >= floor or other in HIDDEN.get(room, ())):
            bad.append(f"{where}: floor {floor} ({room}) must not see {other}")
        elif room == "rooms" and other == "rooms":
            own = relative.parts[2]
            if not target.startswith(f"pp/rooms/{own}"):
                bad.append(f"{where}: rooms meet in the database, not through {target}")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    bad, count = [], 0
    for folder in ("include", "server"):
        for path in sorted((root / folder).rglob("*.[ch]")):
            check(root, path, bad)
            count += 1
    print("\n".join(bad) if bad else f"{count} files stand on their floors")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
