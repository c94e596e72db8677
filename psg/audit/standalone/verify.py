"""Check an export of the audit record, trusting only this file and what was kept elsewhere: see README.txt."""
import argparse, json, re, sys
from base64 import b64decode, b64encode
from datetime import datetime
from functools import reduce
from hashlib import sha256, sha512
from pathlib import Path
P, Q, STEP = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, [""]  # Ed25519 is RFC 8032
D, I4, B64 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P), "[A-Za-z0-9+/]"
NUMBER, NAME, HEX = "(0|[1-9][0-9]{0,15})", r"[^\s+\x00-\x1f\x7f]+", "[0-9a-f]{32}"
ROOT, SIGNATURE = (f"({B64}{{{size}}}[AEIMQUYcgkosw048]=)" for size in (42, 90))  # base64 with one spelling
NOTE = re.compile(rf"(({NAME})\n{NUMBER}\n{ROOT}\n)\n((?:\u2014 {NAME} {B64}+=*\n)+)")
RECEIPT = re.compile(rf"c2sp.org/tlog-proof@v1\nextra ({B64}+=*)\nindex {NUMBER}\n((?:{ROOT}\n)*)\n(.+)", re.S)
DETAIL = re.compile(rf"{NUMBER} ({HEX}) (\{{.{{,65535}})\n".encode())
BODY = re.compile(rb'([{}\[\],]|"[a-z][a-z0-9_]*":|"([^"\\]|\\[^u]|\\u00(?!00)..)*"(?!:)|-?[0-9]+|true|false|null)+')
LEAF = re.compile((r'\{"actor":"(?:user_X|system|anonymous)","agency":(?:null|"agency_X"),"case":(?:null|"case_X"),"commit":"(XX)","obj":'
    r'(?:null|"[a-z]{1,20}_X"),"op":"(collection|alteration|consultation|disclosure|combination|erasure|security|custody)","seq":\d+,'
    r'"t":"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3})Z","v":1\}\n').replace("X", HEX).encode())
READ = json.JSONDecoder(parse_float=int, parse_constant=int, parse_int=lambda n: int(n) if abs(int(n)) < 2**53 else n).decode
WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
def step(sentence, holds=True):  # the verdict, if this does not hold or what comes next cannot be worked out
    STEP[0] = sentence
    if not holds: raise ValueError(sentence)
def digest(*parts): return sha256(b"".join(parts)).digest()
def add(p, q):
    a, b, c = p[0] * q[0] % P, p[1] * q[1] % P, p[2] * q[2] % P
    e, f = c * c - D * a * b, c * c + D * a * b
    return c * e % P * ((p[0] + p[1]) * (q[0] + q[1]) - a - b) % P, c * f % P * (a + b) % P, e * f % P
def doublings(raw, sign):  # of a point, or of its negative
    y = int.from_bytes(raw, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    roots = (pow(square, (P + 3) // 8, P) * root % P for root in (1, I4, -1, -I4))
    x = next(one for one in roots if one * one % P == square and one % 2 == raw[31] >> 7)
    return reduce(lambda points, _: [*points, add(points[-1], points[-1])], range(255), [(x * sign, y, 1)])
def signed(text, sig, key, minus, base=doublings(b"\x58" + b"\x66" * 31, 1)):
    s, h = (int.from_bytes(n, "little") for n in (sig[32:], sha512(sig[:32] + key + text).digest()))
    x, y, z = reduce(add, [p for n, two in ((s, base), (h % Q, minus)) for i, p in enumerate(two) if n >> i & 1], (0, 1, 1))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return s < Q and (y | (x & 1) << 255).to_bytes(32, "little") == sig[:32]
def claim(line, at):
    step(f"canonical: entry {at} is not JSON of an object")
    leaf, found = READ(line.decode()), LEAF.fullmatch(line)
    step(f"sequence: entry {leaf.get('seq')!r:.24} stands in place {at}", repr(leaf.get("seq")) == str(at))
    step(f"canonical: entry {at} is not in its one spelling", found or WRITE(leaf).encode("utf-8", "replace") + b"\n" == line)
    step(f"leaf: entry {at} has not the nine members in form", found and datetime.fromisoformat(found[3].decode()))
    return found[1].decode(), found[2]
def detail(line, claims):
    seq, salt, body = DETAIL.fullmatch(line).groups()
    value, commit = READ(body.decode()), digest(bytes.fromhex(salt.decode()), body).hex()
    step(STEP[0], WRITE(value).encode() == body and BODY.fullmatch(body) and commit == claims[int(seq)][0])
    return int(seq), value
def prove(size, root, extra, index, path):  # a receipt: RFC 6962 section 2.1.1
    leaf, line, end = b64decode(extra).split(b"\n")
    claims, found, inner = {index: claim(leaf + b"\n", index)}, digest(b"\0", leaf), (index ^ size - 1).bit_length()
    for level, one in enumerate(path): found = digest(b"\1", *([one, found] if level >= inner or index >> level & 1 else [found, one]))
    holds = index < size and found == root and len(path) == inner + bin(index >> inner).count("1") and not end
    step(f"root: a receipt does not lead from entry {index} to the root at size {size}", holds)
    step(f"detail: a receipt holds another detail than entry {index} commits to")
    detail(line + b"\n", claims)
def check(path, trusted, outside, roots, links, is_newest):  # one generation
    step(f"incomplete: a key file is missing in {path}")
    public, vkey = ((path / name).read_bytes().decode("latin1") for name in ("public-key.hex", "log.vkey"))
    step(f"key: the key files in {path} disagree with each other or with the key given")
    key, origin = bytes.fromhex(public), vkey.split("+")[0]
    ident, minus = digest(origin.encode(), b"\n\1", key)[:4], doublings(key, -1)
    want = [f"{key.hex()}\n", f"{origin}+{ident.hex()}+{b64encode(bytes([1]) + key).decode()}\n"]
    step(STEP[0], [public, vkey] == want and all(f"{one.decode().strip()}\n" in want for one in trusted))
    def checkpoint(raw, name="", reason="signature"):
        step(f"{reason}: {name or 'one that was given'} is not a checkpoint of {origin} signed by its key")
        receipt = RECEIPT.fullmatch(raw.decode())
        text, of, size, root, lines = NOTE.fullmatch(receipt[5] if receipt else raw.decode()).groups()
        own = [one for one in map(b64decode, re.findall(f"\u2014 {re.escape(origin)} {SIGNATURE}\n", lines)) if one[:4] == ident]
        holds = of == origin and name in ("", f"{size:0>12}.checkpoint") and own
        step(STEP[0], holds and all(signed(text.encode(), one[4:], key, minus) for one in own))
        if receipt: prove(int(size), b64decode(root), receipt[1], int(receipt[2]), [*map(b64decode, receipt[3].split())])
        return int(size), b64decode(root)
    known = [checkpoint(file.read_bytes(), file.name) for file in path.glob("checkpoints/*")] + [checkpoint(raw) for raw in outside]
    last, pins, stack, claims, said, seq = [checkpoint(note.encode(), "", "link") for _, note in links], {}, [], [], {}, -1
    for reason, heads in [("root", known + roots), ("link", last)]:
        for size, root in heads: step(f"fork: there are two roots for size {size}", pins.setdefault(size, (root, reason))[0] == root)
    step(f"incomplete: leaves.jsonl is missing in {path}")
    with (path / "leaves.jsonl").open("rb") as lines:
        for at, line in enumerate(iter(lines.readline, None)):
            if at in pins or not line: top = reduce(lambda r, l: digest(b"\1", l, r), stack[::-1]) if stack else digest()
            if at in pins: step(f"{pins[at][1]}: {at} entries have another root than was signed", pins[at][0] == top)
            if not line: break
            claims.append(claim(line, at)); stack.append(digest(b"\0", line[:-1]))
            while at & 1: stack[-2:], at = [digest(b"\1", *stack[-2:])], at >> 1
    for size in pins: step(f"tail: of {size} entries {at} are there", size <= max([at, *(size for size, _ in last)]))
    step(f"unsigned: no checkpoint is for all {at} entries", not is_newest or at in dict(known))
    step(f"link: {at} entries are held of {origin}, and another number was followed", all(kept == at for kept, _ in links))
    lines = (path / "leaves.jsonl.detail").read_bytes().splitlines(True) if (path / "leaves.jsonl.detail").exists() else []
    for number, line in enumerate(lines, 1):
        step(f"detail: line {number} of the details in {path} is not the detail of a later entry")
        before, (seq, body) = seq, detail(line, claims)
        step(STEP[0], seq > before)
        if claims[seq][1] == b"custody" and (not seq or body.get("event") == "declare_loss"): said[seq] = body
    return at, top, pins, key, len(lines), known[len(known) - len(outside):], said
def report(place, trusted, outside, roots, strict):
    step("incomplete: log.vkey is missing, or names no generation")
    logs = {path: (path / "log.vkey").read_bytes().split(b"+")[0] for path in [place, *place.glob("previous/*")]}
    logs = {int(re.fullmatch(rb".*/([1-9][0-9]{0,3})", origin)[1]): (path, origin) for path, origin in logs.items()}
    newest, lost, links, found = max(logs), {}, {}, {}
    step("link: previous/ holds what is no earlier generation", all(path == place if n == newest else path.name == str(n) for n, (path, _) in logs.items()))
    for number, (path, _) in sorted(logs.items(), reverse=True):
        mine = [raw for raw in outside if next((n for n, (_, of) in logs.items() if of + b"\n" in raw), newest) == number]
        asked = (trusted, mine, roots) if number == newest else ([], mine, [])
        found[number] = check(path, *asked, links.get(number, []), number == newest)
        for seq, body in found[number][-1].items() if number > 1 else ():
            step(f"link: entry {seq} of generation {number} does not say in form what it follows")
            before, kept, note = body["previous_generation"], body["kept"], body["previous_checkpoint"]
            step(STEP[0], before == number - 1 and body["event"] == "succeed" if not seq else 0 < before < number)
            links.setdefault(before, []).append((kept, note))
            end = max(int(NOTE.fullmatch(note)[3]), lost.get(before, (0, 0))[1])
            if end > kept: lost[before] = kept, end
        step(f"link: generation {number} does not say what it follows", number == 1 or 0 in found[number][-1] or number - 1 not in logs)
    size, root, pins, key, details, given, _ = found[newest]
    kept = max((size for size, _ in given + roots), default=None)
    notes = [f"note: generation {n} is not included" for n in range(1, newest) if n not in logs]
    print(f"origin: {logs[newest][1].decode()}\nkey: {key.hex()}\nentries: {size}\nroot: {b64encode(root).decode()}\nnewest checkpoint: {max(pins)}\n"
        f"newest outside checkpoint: {'none given' if kept is None else kept}\nnot yet provable outside: {size - (kept or 0)}",
        *(["note: key taken from the export itself"] * (not trusted) + notes), sep="\n")
    loss = ", ".join(f"entries {kept}..{end - 1} of generation {number}" for number, (kept, end) in sorted(lost.items()))
    print(f"DECLARED LOSS: {loss}; otherwise " * bool(lost) + f"OK: {size} entries, {len(pins)} checkpoints, {details} details, {size - details} withheld or erased")
    return int(bool(lost) and strict)
def main(arguments=None):
    cli, read = argparse.ArgumentParser(description=__doc__), lambda name: Path(name).read_bytes()
    cli.add_argument("dir", type=Path, metavar="DIR"); cli.add_argument("--strict", action="store_true")
    for flag, kind in (("--key", read), ("--checkpoint", read), ("--root", re.compile(f"{NUMBER}={ROOT}").fullmatch)):
        cli.add_argument(flag, type=kind, action="append", default=[])
    try: given = cli.parse_args(arguments)
    except OSError as error: cli.error(str(error))
    if not given.dir.is_dir() or None in given.root: cli.error("there is no such directory, or no SIZE=BASE64")
    roots = [(int(one[1]), b64decode(one[2])) for one in given.root]
    try: return report(given.dir, given.key, given.checkpoint, roots, given.strict)
    except Exception: return print(f"FAIL: {STEP[0]}", file=sys.stderr) or 1
if __name__ == "__main__": sys.exit(main())
