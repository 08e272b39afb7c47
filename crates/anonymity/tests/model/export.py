#!/usr/bin/env python3
"""Writes what the reference model decides, for the comparison in tests/it/model.rs.

    python3 export.py FOLDER-WITH-anonsim.py > decisions.txt

The model is run as it is; its decide() is wrapped so that each decision is written down:
  world SEED FIRMS INCIDENTS CRC        the register and the incidents as the model made them
  run SEED MODE K C PMAX                then, one line per incident that reached a decision:
  CASE KEPT LABEL CANDIDATES CRC        KEPT is + or -, CRC is over the sorted candidates
  CASE hold
For modes other than the default only a checksum over these lines:
  sum SEED MODE K C PMAX LINES HOLDS CRC
"""
import sys, zlib

sys.path.insert(0, sys.argv[1])
import anonsim as A  # noqa: E402

SUBS = [(p, s, u) for p, secs in A.TREE.items() for s, subs in secs.items() for u in subs]
SUPS = [path[0] for path in SUBS]


def crc(text):
    return f"{zlib.crc32(text.encode()):08x}"


def micros(day):
    return round(day * 86_400_000_000) if day < 1e8 else -1


def label(node):
    return node.label.replace(" + ", "+")


def world(seed):
    rng = A.random.Random(seed)
    firms, pop, _ = A.build_register(rng)
    A.churn(firms, rng)
    incidents = A.incidents(firms, pop, rng, 150)
    rows = [
        f"{SUBS.index(f.path)} {A.REGIONS.index(f.region)} {f.size} "
        f"{sum(1 << j for j in f.prods)} {micros(f.since)} {micros(f.until)}"
        for f in firms
    ]
    rows += [
        f"{i['g']} {i['camp']} {i['victim']} {micros(i['day'])} {i['prod']} {i['count']} {i['kind']}"
        for i in incidents
    ]
    print("world", seed, len(firms), len(incidents), crc("\n".join(rows)))


def run(seed, mode, k, c, pmax, whole):
    lines, original = [], A.decide

    def decide(v, r, *rest):
        decision = original(v, r, *rest)
        if decision is None:
            lines.append(f"{r['g']} hold")
        else:
            node, candidates, kept = decision
            who = ",".join(map(str, sorted(candidates)))
            lines.append(f"{r['g']} {'+' if kept else '-'} {label(node)} {len(candidates)} {crc(who)}")
        return decision

    A.decide = decide
    try:
        A.run(seeds=(seed,), k=k, c=c, pmax=pmax, hub=mode, only5=True, quiet=True)
    finally:
        A.decide = original
    holds = sum(line.endswith(" hold") for line in lines)
    if whole:
        print("run", seed, mode, k, c, pmax)
        print("\n".join(lines))
    else:
        print("sum", seed, mode, k, c, pmax, len(lines), holds, crc("\n".join(lines)))


if __name__ == "__main__":
    for seed in (1, 2, 3, 4):
        world(seed)
    import builtins
    silent = builtins.print

    def quiet(*args, **kw):
        if not (args and str(args[0]).startswith("[this design")):
            silent(*args, **kw)

    A.print = quiet
    run(1, "scan", 5, 1, 0.25, True)
    for seed in (1, 2, 3, 4):
        for mode in ("scan", "unbundle", "counts"):
            run(seed, mode, 5, 1, 0.25, False)
        for k, c, pmax in ((3, 0, 0.5), (3, 1, 0.34), (5, 2, 0.25), (8, 1, 0.2), (10, 2, 0.15)):
            run(seed, "scan", k, c, pmax, False)
