"""Repeat a draw from its published files: python3 verify_draw.py FOLDER. Shares no code with Dongmun; see draw.md."""

# fmt: off
import csv
import hashlib
import pathlib
import sys

FILES = ("terms.txt", "entries.csv", "opening.txt", "result.csv")
terms, entries, opening, result = ((pathlib.Path(sys.argv[1]) / name).read_bytes().decode() for name in FILES)
told = dict(line.split(" ", 1) for line in opening.splitlines())
def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()
assert told["commitment"] == sha(told["secret"] + "\n" + terms), "not the secret and terms that were committed to"
words = [line.split() for line in terms.splitlines()]
free = next(int(each[1]) for each in words if each[0] == "seats")
weight = {each[1]: int(each[3]) for each in words if each[0] == "cohort"}  # 1 for one that the terms don't name
left = {each[1]: int(each[5]) for each in words if each[0] == "cohort"}  # of each cohort's minimum
seed = sha(told["secret"] + "\n" + "".join(c for c in told["value"] if c in "0123456789") + "\n" + sha(entries))
people = [(row["pseudonym"], row["cohort"], int(row["seats"])) for row in csv.DictReader(entries.splitlines())]
turns = {each: [sha(f"{seed}:{each[0]}:{n}") for n in range(1, weight.get(each[1], 1) + 1)] for each in people}
line, seated = sorted(people, key=lambda each: (min(turns[each]), each[0])), set()
for person in line:  # each cohort's minimum: its own people in their order, and nobody overtakes
    own = left.get(person[1], 0)
    left[person[1]], seated = (own - person[2], seated | {person}) if person[2] <= own else (0, seated)
free -= sum(seats for _, _, seats in seated)
for person in [each for each in line if each not in seated]:  # then everybody else by one line
    free, seated = (free - person[2], seated | {person}) if person[2] <= free else (-1, seated)
ours = [[each[0], str(place), "seat" if each in seated else "waits"] for place, each in enumerate(line, 1)]
assert ours == list(csv.reader(result.splitlines()))[1:], "the published result is another one"
print(f"verified: {len(seated)} of {len(line)} entries got a seat")
