"""Repeat a draw from its published files: python3 verify_draw.py FOLDER. Shares no code with Dongmun; see draw.md."""

import csv
import hashlib
import pathlib
import sys


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


terms, entries, opening, result = (
    (pathlib.Path(sys.argv[1]) / name).read_bytes().decode()
    for name in ("terms.txt", "entries.csv", "opening.txt", "result.csv")
)
told = dict(line.split(" ", 1) for line in opening.splitlines())
assert told["commitment"] == sha(told["secret"] + "\n" + terms), (
    "not the secret and terms that were committed to"
)
words = [line.split() for line in terms.splitlines()]
free = next(int(each[1]) for each in words if each[0] == "seats")
weight = {each[1]: int(each[3]) for each in words if each[0] == "cohort"}
left = {each[1]: int(each[5]) for each in words if each[0] == "cohort"}  # of each cohort's minimum


def turns(cohort):  # a cohort that the terms don't name has weight 1 and no minimum
    return range(1, weight.get(cohort, 1) + 1)


digits = "".join(each for each in told["value"] if each in "0123456789")
seed = sha(told["secret"] + "\n" + digits + "\n" + sha(entries))
people = [
    (row["pseudonym"], row["cohort"], int(row["seats"])) for row in csv.DictReader(entries.splitlines())
]
line = sorted(people, key=lambda p: (min(sha(f"{seed}:{p[0]}:{n}") for n in turns(p[1])), p[0]))
seated = set()
for person in line:  # each cohort's minimum: its own people in their order, and nobody overtakes
    own = left.get(person[1], 0)
    fits = person[2] <= own
    left[person[1]] = own - person[2] if fits else 0
    seated |= {person} if fits else set()
free -= sum(seats for _, _, seats in seated)
for person in [each for each in line if each not in seated]:  # then everybody else by one line
    if person[2] > free:
        break
    free, seated = free - person[2], seated | {person}
ours = [[each[0], str(place), "seat" if each in seated else "waits"] for place, each in enumerate(line, 1)]
assert ours == list(csv.reader(result.splitlines()))[1:], "the published result is another one"
print(f"verified: {len(seated)} of {len(line)} entries got a seat")
