"""Check an export of the audit record, trusting only this file and what was kept elsewhere: see README.txt."""
import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from datetime import datetime
from functools import reduce
from hashlib import sha256, sha512
from pathlib import Path
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519 (RFC 8032)
D, I, EMPTY = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P), sha256(b"").digest()
NAME, HEX, NUMBER = r"[^\s+\x00-\x1f\x7f]+", "[0-9a-f]{32}", "(0|[1-9][0-9]{0,15})"
ROOT = "([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)"
B64 = "((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?)"
NOTE = re.compile(rf"(({NAME})\n{NUMBER}\n{ROOT}\n)\n((?:\u2014 {NAME} {B64}\n)+)")
RECEIPT = re.compile(rf"c2sp\.org/tlog-proof@v1\nextra {B64}\nindex {NUMBER}\n((?:{ROOT}\n)*)\n(.+)", re.S)
DETAIL = re.compile(rf"{NUMBER} ({HEX}) (\{{.{{,65535}})\n".encode())
BODY = re.compile(rb'([{}\[\],]|"[a-z][a-z0-9_]*":|"([^"\\]|\\[^u]|\\u00(?!00)..)*"(?!:)|-?[0-9]+|true|false|null)+')
LEAF = re.compile((r'\{"actor":"(?:user_X|system|anonymous)","agency":(?:null|"agency_X"),"case":(?:null|"case_X"),'
    r'"commit":"(XX)","obj":(?:null|"[a-z]{1,20}_X"),"op":"(collection|alteration|consultation|disclosure|combination|'
    r'erasure|security|custody)","seq":\d+,"t":"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3})Z","v":1\}'
    r'\n').replace("X", HEX).encode())
STEP = [""]
def step(sentence, holds=True):  # the verdict, if this does not hold or what comes next cannot be worked out
    STEP[0] = sentence
    if not holds: raise ValueError(sentence)
def digest(*parts): return sha256(b"".join(parts)).digest()
def add(p, q):
    a, b, c = p[0] * q[0] % P, p[1] * q[1] % P, p[2] * q[2] % P
    e, f = c * c - D * a * b, c * c + D * a * b
    return c * e * ((p[0] + p[1]) * (q[0] + q[1]) - a - b) % P, c * f * (a + b) % P, e * f % P
def doublings(raw, sign):  # of a point, or of its negative
    y = int.from_bytes(raw, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = [pow(square, (P + 3) // 8, P) * i % P for i in (1, I, -1, -I)]
    x = next(r for r in x if r * r % P == square and r % 2 == raw[31] >> 7)
    return reduce(lambda points, _: [*points, add(points[-1], points[-1])], range(255), [(x * sign, y, 1)])
def canonical(raw):  # the value and its one spelling
    value = json.loads(raw.decode(), parse_float=int, parse_int=lambda n: int(n) if -(2**53) < int(n) < 2**53 else n)
    return value, json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")
def claim(line, at):
    step(f"canonical: entry {at} is not JSON of an object")
    (leaf, spelling), found = canonical(line), LEAF.fullmatch(line)
    step(f"sequence: entry {leaf.get('seq')!r:.24} stands in place {at}", repr(leaf.get("seq")) == str(at))
    step(f"canonical: entry {at} is in another spelling than its own", spelling + b"\n" == line)
    step(f"leaf: entry {at} has not the nine members", found and datetime.fromisoformat(found[3].decode()))
    return found[1].decode(), found[2]
def detail(line, commits):
    seq, salt, body = DETAIL.fullmatch(line).groups()
    value, spelling = canonical(body)
    step(STEP[0], digest(bytes.fromhex(salt.decode()), body).hex() == commits[int(seq)])
    step(STEP[0], spelling == body and BODY.fullmatch(body))
    return int(seq), value
def prove(extra, index, path, size, root, name):  # RFC 6962 section 2.1.1
    leaf, line, end = b64decode(extra).split(b"\n")
    found, inner, path = digest(b"\0", leaf), (index ^ (size - 1)).bit_length(), path.split()
    for level, sibling in enumerate(map(b64decode, path)):
        left = level >= inner or index >> level & 1
        found = digest(b"\1", *((sibling, found) if left else (found, sibling)))
    holds = index < size and len(path) == inner + bin(index >> inner).count("1") and found == root and not end
    step(f"root: {name} does not lead from entry {index} to the root at size {size}", holds)
    commits = {index: claim(leaf + b"\n", index)[0]}
    step(f"detail: {name} holds another detail than entry {index} commits to")
    detail(line + b"\n", commits)
class Log:  # one generation of the record
    def __init__(self, path, trusted=b""):
        step(f"incomplete: a key file is missing in {path}")
        public, vkey = (path / "public-key.hex").read_bytes(), (path / "log.vkey").read_bytes()
        step(f"key: the key files in {path} disagree with each other or with the key given")
        self.path, self.key, self.origin = path, bytes.fromhex(public.decode()), vkey.decode().split("+")[0]
        self.id, self.minus = digest(self.origin.encode(), b"\n\1", self.key)[:4], doublings(self.key, -1)
        self.number, self.outside, self.links = int(re.fullmatch(".*/([1-9][0-9]*)", self.origin)[1]), [], []
        want = f"{self.key.hex()}\n", f"{self.origin}+{self.id.hex()}+{b64encode(bytes([1]) + self.key).decode()}\n"
        named = not trusted or trusted.strip() in (public.strip(), vkey.strip())
        step(STEP[0], (public.decode(), vkey.decode()) == want and named)
    def signed(self, text, signature, base=doublings(b"\x58" + b"\x66" * 31, 1)):
        h = sha512(signature[:32] + self.key + text).digest()
        s, h = int.from_bytes(signature[32:], "little"), int.from_bytes(h, "little") % Q
        points = [base[i] for i in range(256) if s >> i & 1] + [self.minus[i] for i in range(256) if h >> i & 1]
        x, y, z = reduce(add, points, (0, 1, 1))
        x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
        return len(signature) == 64 and s < Q and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]
    def checkpoint(self, raw, name, reason="signature"):
        step(f"{reason}: {name} is not a checkpoint of {self.origin} signed by its key")
        receipt = RECEIPT.fullmatch(raw.decode())
        text, origin, size, root, lines, _ = NOTE.fullmatch(receipt[5] if receipt else raw.decode()).groups()
        lines = [(line.split(" ")[1], b64decode(line.split(" ")[2])) for line in lines.split("\n")[:-1]]
        own = [self.signed(text.encode(), sig[4:]) for who, sig in lines if (who, sig[:4]) == (origin, self.id)]
        step(STEP[0], origin == self.origin and own and all(own))
        if receipt: prove(receipt[1], int(receipt[2]), receipt[3], int(size), b64decode(root), name)
        return int(size), b64decode(root)
    def read(self, roots, current):
        files = sorted(self.path.glob("checkpoints/*"))
        held = [self.checkpoint(file.read_bytes(), file.name) for file in files]
        named = [file.name for file in files] == [f"{size:012d}.checkpoint" for size, _ in held]
        step(f"signature: a checkpoint in {self.path} has the name of another size", named)
        self.given = [self.checkpoint(raw, "a checkpoint from outside") for raw in self.outside]
        links = [(kept, *self.checkpoint(note.encode(), "the one last known", "link")) for kept, note in self.links]
        self.roots, stack, claims, seen = {}, [], [], {}
        for size, root in [*held, *self.given, *roots]:
            step(f"fork: there are two roots for size {size}", self.roots.setdefault(size, root) == root)
        watch = {*self.roots, *(size for _, size, _ in links)}
        step(f"incomplete: leaves.jsonl is missing in {self.path}")
        with (self.path / "leaves.jsonl").open("rb") as lines:
            for at, line in enumerate(iter(lines.readline, None)):
                if at in watch or not line:
                    seen[at] = reduce(lambda r, l: digest(b"\1", l, r), stack[::-1]) if stack else EMPTY
                step(f"root: {at} entries have another root than signed", self.roots.get(at) in (None, seen.get(at)))
                if not line: break
                claims.append(claim(line, at))
                stack.append(digest(b"\0", line[:-1]))
                while at & 1: stack[-2:], at = [digest(b"\1", *stack[-2:])], at >> 1
        self.size, self.root, self.details, self.declared, self.first = at, seen[at], 0, [], None
        end = max([at, *(size for _, size, _ in links)])
        for size in self.roots: step(f"tail: there are {at} entries, a checkpoint is for {size}", size <= end)
        step(f"unsigned: no checkpoint is for all {at} entries", not current or at in dict(held + self.given))
        for kept, size, root in links:
            holds = kept == at and seen.get(size, root) == root
            step(f"link: {at} entries are not what was followed, {kept} with a checkpoint at {size}", holds)
        last, commits = -1, [commit for commit, _ in claims]
        for file in self.path.glob("leaves.jsonl.detail"):
            with file.open("rb") as lines:
                for self.details, line in enumerate(lines, 1):
                    step(f"detail: line {self.details} of {file.name} is not the detail of a later entry")
                    seq, body = detail(line, commits)
                    step(STEP[0], seq > last)
                    last, self.first = seq, self.first if seq else body
                    if claims[seq][1] == b"custody" and body.get("event") == ("declare_loss" if seq else "succeed"):
                        self.declared.append(body)
def main(arguments=None):
    cli, read = argparse.ArgumentParser(description=__doc__), lambda name: Path(name).read_bytes()
    cli.add_argument("directory", type=Path)
    cli.add_argument("--key", type=read)
    cli.add_argument("--checkpoint", type=read, action="append", default=[])
    cli.add_argument("--root", type=re.compile(f"{NUMBER}={ROOT}").fullmatch, action="append", default=[])
    cli.add_argument("--strict", action="store_true")
    try: given = cli.parse_args(arguments)
    except OSError as error: cli.error(str(error))
    if not given.directory.is_dir() or None in given.root: cli.error("no such directory, or no SIZE=BASE64")
    try: return report(given)
    except Exception: print(f"FAIL: {STEP[0]}", file=sys.stderr)
    return 1
def report(given):
    now = Log(given.directory, given.key)
    logs, lost, roots = {now.number: now}, {}, [(int(one[1]), b64decode(one[2])) for one in given.root]
    notes = [] if given.key else ["key taken from the export itself"]
    for path in given.directory.glob("previous/*"):
        log = Log(path)
        step(f"link: {path} is no earlier generation", path.name == str(log.number) and log.number < now.number)
        logs[log.number] = log
    for raw in given.checkpoint:
        next((log for log in logs.values() if f"{log.origin}\n".encode() in raw), now).outside.append(raw)
    for number in range(now.number, 0, -1):
        if number not in logs: notes.append(f"generation {number} is not included")
        else:
            log = logs[number]
            log.read(roots if log is now else [], log is now)
            for body in log.declared:
                step(f"link: generation {number} does not say in form what it follows")
                before, kept, note = body["previous_generation"], body["kept"], body["previous_checkpoint"]
                size = int(NOTE.fullmatch(note)[3])
                step(STEP[0], type(before) is type(kept) is int and 0 < before < number and kept >= 0)
                if before in logs: logs[before].links.append((kept, note))
                if size > kept: lost[before] = kept, max(size, *lost.get(before, (0, 0)))
            holds = log.first is None and number - 1 not in logs or number - 1 in [one["previous_generation"] for one in log.declared if one["event"] == "succeed"]
            step(f"link: generation {number} does not say that it follows {number - 1}", number == 1 or holds)
    outside = max([size for size, _ in now.given + roots], default=None)
    print(f"origin: {now.origin}\nkey: {now.key.hex()}\nentries: {now.size}\nroot: {b64encode(now.root).decode()}")
    print(f"newest checkpoint: {max(now.roots)}\nnewest outside checkpoint: {'none given' if outside is None else outside}")
    print(f"not yet provable outside: {now.size - (outside or 0)}", *(f"note: {note}" for note in notes), sep="\n")
    loss = ", ".join(f"entries {kept}..{size - 1} of generation {g}" for g, (kept, size) in sorted(lost.items()))
    print(f"DECLARED LOSS: {loss}; otherwise " * bool(lost) + f"OK: {now.size} entries, {len(now.roots)} checkpoints, "
        f"{now.details} details, {now.size - now.details} withheld or erased")
    return int(bool(lost) and given.strict)
if __name__ == "__main__": sys.exit(main())
