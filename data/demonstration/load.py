#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Makes the demonstration in a running server: bodies and accounts by the program, everything else
over REST, as its users would. What is there already stays; a run that was cut off is completed.

    load.py --address URL --program FILE [--data DIR | --database URL] [--fresh] [--logins FILE]

--fresh says that the database was empty a moment ago. Without it nothing is made unless a
demonstration was begun here before. FILE gets one login a line: roles, mail, password.

accounts.csv, memberships.csv (the second body of somebody), bodies.csv and procedures.json say what is
made. In procedures.json days count from today, and whoever acts is the local part of a mail address.
"""
import argparse
import csv
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DOMAIN = "@vorfuehrung.example"
# Known to everybody: a demonstration is for one's own machine.
PASSWORD = "planung-ohne-grenze"
# Refusals that pass: a worker starts, boundaries are being replaced, too many in a minute.
PASSING = (429, 503)
ATTEMPTS = 60
# Exit code of `account create`.
ACCOUNT_EXISTS = 3


class Refused(Exception):
    """An answer that is no success: status and what the server said."""

    def __init__(self, status, text, what):
        super().__init__(f"{what}: {status} {text}")
        self.status = status


class Person:
    """One signed-in user and what they may ask."""

    def __init__(self, address, name):
        self.address, self.name, self.cookie = address, name, None
        reply = self.send("POST", "/session", {"email": name + DOMAIN, "password": PASSWORD})
        self.roles = reply["roles"]

    def send(self, method, path, body=None, key=None):
        """One request below /api/v1, again and again while it is refused for a passing reason."""
        for attempt in range(ATTEMPTS):
            try:
                return self.send_once(method, path, body, key)
            except Refused as refusal:
                if refusal.status not in PASSING or attempt + 1 == ATTEMPTS:
                    raise
            except (ConnectionError, urllib.error.URLError):
                if attempt + 1 == ATTEMPTS:
                    raise
            time.sleep(min(0.1 * (attempt + 1), 2))
        raise AssertionError("not reached")

    def send_once(self, method, path, body, key):
        """A body is JSON, or the bytes of a PDF."""
        headers = {"Accept": "application/json"}
        if self.cookie:
            # Who changes things with a cookie says which page it comes from.
            headers |= {"Cookie": self.cookie, "Origin": self.address}
        if body is not None:
            headers["Content-Type"] = "application/pdf" if isinstance(body, bytes) else "application/json"
        if key:
            headers["Idempotency-Key"] = key
        request = urllib.request.Request(f"{self.address}/api/v1{path}", method=method, headers=headers,
            data=body if body is None or isinstance(body, bytes) else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                text = reply.read().decode()
                if "Set-Cookie" in reply.headers:
                    self.cookie = reply.headers["Set-Cookie"].partition(";")[0]
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(), f"{self.name}: {method} {path}") from None
        return json.loads(text) if text else None

    def ask(self, path):
        return self.send("GET", path)

    def tell(self, path, body):
        """A POST that a repetition after a lost connection does not do twice."""
        return self.send("POST", path, body, key=f"demonstration-{self.name}-{time.monotonic_ns()}")


class Stage:
    """The server, the program beside it, and everybody who has signed in."""

    def __init__(self, options):
        self.options, self.people = options, {}
        self.today = datetime.date.today()

    def person(self, name):
        if name not in self.people:
            self.people[name] = Person(self.options.address, name)
        return self.people[name]

    def is_known(self, name):
        try:
            self.person(name)
        except Refused as refusal:
            if refusal.status != 401:
                raise
            return False
        return True

    def day(self, offset):
        return (self.today + datetime.timedelta(days=offset)).isoformat()

    def notice(self, planner, procedure, wanted):
        """Of a round that asks the public: one that says all that law wants of it, eight days before."""
        if wanted["audience"] != "OEFF":
            return {}
        items = planner.ask(f"/procedures/{procedure}/notice?step={wanted['step']}")["items"]
        return {"notice": {"published_on": self.day(wanted["start"] - 8), "organ": "Amtlicher Anzeiger",
            "contains": [item["item"] for item in items if item["lead_days"] is None]}}

    def run(self, *words, text=""):
        where = [f"--{name}={value}" for name in ("data", "database")
            if (value := getattr(self.options, name))]
        done = subprocess.run([self.options.program, *words, *where], input=text, text=True,
            capture_output=True, check=False)
        return done.returncode, done.stderr

    def make_account(self, email, roles, body):
        code, why = self.run("account", "create", "--email", email,
            *(word for role in roles.split() for word in ("--role", role)), *(["--body", body] if body else []), text=PASSWORD + "\n")
        if code not in (0, ACCOUNT_EXISTS):
            raise SystemExit(why)

    def make_membership(self, administrator, email, roles, body):
        """In a second body: whoever has one chooses in the page's head for which to act."""
        try:
            self.person(administrator).tell(f"/bodies/{body}/memberships", {"email": email, "roles": roles.split()})
        except Refused as refusal:
            if refusal.status != 409:
                raise


def make_pdf(lines):
    """One page of A4 (ISO 32000-1, annex H.3): the first line is its heading. Helvetica, which every reader has."""
    words = [line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") for line in lines]
    text = b"BT /F 16 Tf 60 770 Td (%s) Tj /F 11 Tf 0 -14 Td" % words[0] + b"".join(b" 0 -16 Td (%s) Tj" % word for word in words[1:]) + b" ET"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    file, places = b"%PDF-1.4\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%s endobj\n" % (number, thing)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(file))


def make_documents(planner, procedure, wanted):
    """Announces and uploads what is not there yet, and waits until all of it was looked into: a round shows nothing else."""
    documents = f"/procedures/{procedure}/documents"
    found = {item["name"]: item for item in planner.ask(documents)["items"]}
    for row in wanted:
        file = make_pdf(row["lines"])
        shown = found.get(row["name"]) or planner.tell(documents, {"kind": row["kind"], "title": row["lines"][0], "name": row["name"],
            "media_type": "application/pdf", "size": len(file), "sha256": hashlib.sha256(file).hexdigest()})
        if shown["state"] == "LAEDT":
            planner.send("PUT", f"/uploads/{shown['id']}", file)
    for attempt in range(ATTEMPTS):
        waiting = [item for item in planner.ask(documents)["items"] if item["state"] != "GEPRUEFT"]
        if not waiting:
            return
        if waiting[0]["reason"] or attempt + 1 == ATTEMPTS:
            raise SystemExit(f"{waiting[0]['name']}: {waiting[0]['state']} {waiting[0]['reason'] or ''}")
        time.sleep(min(0.1 * (attempt + 1), 2))


def find_procedure(planner, reference):
    """The procedure that bears this reference; the search looks for parts, so compare."""
    found = planner.ask("/procedures?q=" + urllib.parse.quote(reference))["items"]
    return next((item["id"] for item in found if item["reference"] == reference), None)


def invitation_of(person, procedure, participant):
    """The open invitation of that participant, or None when it is answered."""
    for item in person.ask("/inbox?open=true&limit=100")["invitations"]:
        named = item["procedure"]["id"] if isinstance(item["procedure"], dict) else item["procedure"]
        if named == procedure and participant in (item.get("ags"), item.get("participant"), item.get("body")):
            return item
    return None


def make_procedure(stage, row):
    """Files, confirms and opens what is not there yet; returns the id."""
    planner = stage.person(row["planner"])
    procedure = find_procedure(planner, row["reference"])
    if not procedure:
        procedure = planner.tell("/procedures", {**row["procedure"], "reference": row["reference"]})["id"]
    shown = planner.ask(f"/procedures/{procedure}")
    plan = shown["plan"] or planner.tell(f"/procedures/{procedure}/plans", {"geometry": row["geometry"]})
    if not shown["plan"] or not shown["plan"]["confirmed"]:
        planner.tell(f"/plans/{plan['id']}/affected/confirm", {})
    happened = {item["event"] for item in planner.ask(f"/procedures/{procedure}/timeline")["items"]}
    for wanted in row.get("events", []):
        if wanted["event"] not in happened:
            planner.tell(f"/procedures/{procedure}/events", {**wanted, "on": stage.day(wanted["on"])})
    make_documents(planner, procedure, row.get("documents", []))
    opened = {(round["step"], round["audience"]) for round in shown["rounds"]}
    for wanted in row["rounds"]:
        if (wanted["step"], wanted["audience"]) not in opened:
            planner.tell(f"/procedures/{procedure}/rounds", {**wanted, **stage.notice(planner, procedure, wanted),
                "start": stage.day(wanted["start"]), "end": stage.day(wanted["end"])})
    if row.get("publish") and not planner.ask(f"/procedures/{procedure}")["published_at"]:
        planner.tell(f"/procedures/{procedure}/publish", {})
    return procedure


def answer_procedure(stage, row, procedure):
    """What those who were asked have done so far."""
    for entry in row.get("acknowledge", []):
        person = stage.person(entry["who"])
        invitation = invitation_of(person, procedure, entry["for"])
        if invitation:
            person.tell(f"/invitations/{invitation['id']}/acknowledge", {})
    for entry in row.get("drafts", []):
        person = stage.person(entry["who"])
        invitation = invitation_of(person, procedure, entry["for"])
        drafts = f"/invitations/{invitation['id']}/drafts" if invitation else None
        if drafts and not person.ask(drafts)["items"]:
            person.tell(drafts, entry["draft"])
    for entry in row.get("answers", []):
        person = stage.person(entry["who"])
        invitation = invitation_of(person, procedure, entry["for"])
        if invitation:
            person.tell(f"/invitations/{invitation['id']}/statements", entry["statement"])


def read_csv(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_everything(stage, accounts):
    """The last account of the list is made last of all: whoever can sign in with it finds the rest."""
    code, why = stage.run("import", "bodies", str(HERE / "bodies.csv"))
    if code:
        raise SystemExit(why)
    for account in accounts[:-1]:
        stage.make_account(account["email"], account["roles"], account["body"])
    rows = json.loads((HERE / "procedures.json").read_text(encoding="utf-8"))
    procedures = [make_procedure(stage, row) for row in rows]
    for row, procedure in zip(rows, procedures):
        answer_procedure(stage, row, procedure)
    for more in read_csv("memberships.csv"):
        stage.make_membership(more["by"], more["email"], more["roles"], more["body"])
    last = accounts[-1]
    stage.make_account(last["email"], last["roles"], last["body"])
    for row, procedure in zip(rows, procedures):
        for entry in row.get("public", []):
            stage.person(entry["who"]).tell(f"/procedures/{procedure}/statements", entry["statement"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", required=True, help="as http://127.0.0.1:8080")
    parser.add_argument("--program", required=True, help="the built planungsplattform")
    parser.add_argument("--data", help="its data folder, where it keeps a PostgreSQL of its own")
    parser.add_argument("--database", help="its PostgreSQL, where it does not")
    parser.add_argument("--fresh", action="store_true", help="the database was empty a moment ago")
    parser.add_argument("--logins", help="file for the logins")
    stage = Stage(parser.parse_args())
    accounts = read_csv("accounts.csv")
    first, last = (accounts[n]["email"].removesuffix(DOMAIN) for n in (0, -1))
    if not stage.options.fresh and not stage.is_known(last) and not stage.is_known(first):
        return
    if stage.options.fresh or not stage.is_known(last):
        make_everything(stage, accounts)
    lines = "".join(f"{a['roles'].replace(' ', ','):<18} {a['email']:<46} {PASSWORD}\n" for a in accounts)
    if stage.options.logins:
        pathlib.Path(stage.options.logins).write_text(lines, encoding="utf-8")
    else:
        sys.stdout.write(lines)


if __name__ == "__main__":
    main()
