"""Check an export of the audit record, trusting only this file and what was kept elsewhere: see README.txt."""
import argparse, base64, datetime, functools, hashlib, itertools, json, pathlib, re, sys
P, Q, D = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, -121665 * pow(121666, -1, 2**255 - 19)  # Ed25519
NAME, NUMBER, HEX, HASH = r"[^\s+\x00-\x1f\x7f]+", "(?:0|[1-9][0-9]{0,15})", "[0-9a-f]{32}", "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
BASE64, STEP = "(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?", [""]  # in its one spelling
NOTE = rf"((?P<log>{NAME})\n(?P<size>{NUMBER})\n(?P<root>{HASH})\n)\n(?:\u2014 {NAME} {BASE64}\n)+"
RECEIPT = rf"c2sp\.org/tlog-proof@v1\nextra (?P<extra>{BASE64})\nindex (?P<at>{NUMBER})\n(?P<path>(?:{HASH}\n)*)\n"
DETAIL = rf'({NUMBER}) ({HEX}) (?=.{{2,65536}}\n)(\{{(?:[^"]|"[a-z][a-z0-9_]*":|"(?:[^"\\]|\\(?!u0000).)*"(?!:))*)\n'.encode()
LEAF = (r'\{"actor":"(?:user_X|system|anonymous)","agency":(?:null|"agency_X"),"case":(?:null|"case_X"),"commit":"(XX)",'
    r'"obj":(?:null|"[a-z]{1,20}_X"),"op":"(collection|alteration|consultation|disclosure|combination|erasure|security|custody)",'
    r'"seq":\d+,"t":"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3})Z","v":1\}\n').replace("X", HEX).encode()
READ = json.JSONDecoder(parse_float=int, parse_constant=int, parse_int=lambda n: int(n) if abs(int(n)) < 2**53 else n).decode
WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
def digest(*parts): return hashlib.sha256(b"".join(parts)).digest()
def need(sentence, find):  # the verdict is this sentence if nothing is found, or if what comes next cannot be worked out
    STEP[0] = sentence
    return [found for found in [find()] if found][0]
def add(p, q):  # points of Ed25519: RFC 8032, 5.1.4
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2]
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P
def doublings(odd, y):
    root = pow(square := (y * y - 1) * pow(D * y * y + 1, -1, P) % P, (P + 3) // 8, P)
    x = next(x for x in (root * pow(2, n * (P - 1) // 4, P) % P for n in range(4)) if x * x % P == square and x % 2 == odd)
    return [*itertools.accumulate(range(255), lambda p, _: add(p, p), initial=(x, y, 1, x * y % P))]
def signed(text, sig, key, powers, base=doublings(0, 4 * pow(5, -1, P))):
    s, h = (int.from_bytes(n, "little") for n in (sig[32:], hashlib.sha512(sig[:32] + key + text).digest()))
    x, y, z, _ = functools.reduce(add, [p for n, of in ((s, base), (-h % (8 * Q), powers)) for i, p in enumerate(of) if n >> i & 1])
    return len(key) == 32 and s < Q and sig == (y * pow(z, -1, P) % P | x * pow(z, -1, P) % P % 2 << 255 | s << 256).to_bytes(64, "little")
def claim(line, at):
    leaf, found = need(f"canonical: entry {at} is not JSON of an object", lambda: (READ(line.decode()), re.fullmatch(LEAF, line)))
    need(f"sequence: entry {leaf.get('seq')!r:.24} stands in place {at}", lambda: repr(leaf.get("seq")) == str(at))
    need(f"canonical: entry {at} has another spelling than its own", lambda: found or WRITE(leaf).encode() + b"\n" == line)
    return need(f"leaf: entry {at} is not in form", lambda: datetime.datetime.fromisoformat(found[3].decode()) and found.group(1, 2))
def detail(line, claims):
    seq, salt, body = need(f"detail: {line[:20]} is not the detail of a later entry", lambda: re.fullmatch(DETAIL, line).groups())
    leaf = next((one for at, one in claims if at == int(seq)), None)
    value, commit = READ(body.decode()), digest(bytes.fromhex(salt.decode()), body).hex().encode()
    return need(STEP[0], lambda: WRITE(value).encode() == body and commit == leaf[0] and (int(seq), value if leaf[1] == b"custody" else {}))
def check(number, log, logs, given, links):  # one generation
    newest, path = number == max(logs), given.dir / (f"previous/{number}" * (number < max(logs)))
    files = [path / "public-key.hex", path / "log.vkey", path / "leaves.jsonl", *path.glob("leaves.jsonl.detail")]
    public, vkey, leaves, *details = need(f"incomplete: {path} lacks a file", lambda: [file.read_bytes() for file in files])
    key = need(f"key: the keys in {path} disagree with each other or with the one given", lambda: bytes.fromhex(public.decode()))
    origin, ident, powers = log[:-1].decode(), digest(log, b"\1", key)[:4], doublings(*divmod(int.from_bytes(key, "little"), 2**255))
    names = [key.hex().encode(), b"%s+%s+%s" % (log[:-1], ident.hex().encode(), base64.b64encode(b"\1" + key))]
    need(STEP[0], lambda: [public, vkey] == [one + b"\n" for one in names] and all(one.strip() in names for one in given.key * newest))
    def checkpoint(raw, name="", reason="signature"):
        note = need(f"{reason}: {name or 'a note'} is not signed by {origin}", lambda: re.fullmatch(f"(?:{RECEIPT})?{NOTE}", raw.decode()))
        at, size, root = int(note["at"] or 0), int(note["size"]), base64.b64decode(note["root"])
        marks = map(base64.b64decode, re.findall(f"\u2014 {re.escape(origin)} (.*)\n", note[0]))
        own = {signed(note[4].encode(), mark[4:], key, powers) for mark in marks if mark[:4] == ident}
        need(STEP[0], lambda: own == {True} and note["log"] == origin and name in ("", f"{size:012}.checkpoint"))
        if not note["extra"]: return size, root
        leaf, line = re.fullmatch(b"(.*\n)(.*\n)", base64.b64decode(note["extra"])).groups()
        one, top, hashes = (at, claim(leaf, at)), digest(b"\0", leaf[:-1]), map(base64.b64decode, note["path"].split())
        for left in (at >> n & 1 for n in range(64) if at >> n | 1 <= size - 1 >> n):  # a receipt: RFC 6962, 2.1.1
            top = digest(b"\1", next(hashes, b""), top) if left else digest(b"\1", top, next(hashes, b""))
        need(f"root: a receipt does not lead from entry {at} to the root of {size}", lambda: [top, *hashes] == [root] and at < size)
        return detail(line, iter([one])) and (size, root)
    known = [checkpoint(file.read_bytes(), file.name) for file in sorted(path.glob("checkpoints/*"))]
    outside = [checkpoint(raw) for raw in given.checkpoint if max([n for n, of in logs.items() if of in raw] or logs) == number]
    known, said, roots, pins, stack, claims = known + outside, links.get(number, []), given.root * newest, {}, [], []
    last = [checkpoint(note.encode(), reason="link") for _, _, note in said]
    for size, root in known + roots + last: need(f"fork: there are two roots for size {size}", lambda: pins.setdefault(size, root) == root)
    for at, line in enumerate([*leaves.splitlines(True), b""]):
        for _ in range((at & -at).bit_length() - 1): stack[-2:] = [digest(b"\1", *stack[-2:])]
        if at in pins: root = functools.reduce(lambda right, left: digest(b"\1", left, right), stack[::-1] or [digest()])
        if at in pins: need(f"{'root' if at in dict(known + roots) else 'link'}: {at} entries have another root", lambda: pins[at] == root)
        if line: claims.append(claim(line, at)); stack.append(digest(b"\0", line[:-1]))
    need(f"tail: of {max(pins, default=0)} entries {at} are there", lambda: max([0, *pins]) <= max([at, *dict(last)]))
    need(f"unsigned: no checkpoint is for all {at} entries", lambda: not newest or at in dict(known))
    need(f"link: {at} entries are held of {origin}, not what was followed", lambda: all(repr(kept) == str(at) for _, kept, _ in said))
    held = [detail(line, rest) for rest in [enumerate(claims)] for lines in details for line in lines.splitlines(True)]
    for seq, body in ((seq, body) for seq, body in held if body.get("event") == "declare_loss" or not seq and number > 1):
        note = need(f"link: entry {seq} of generation {number} does not say what it follows", lambda: body["previous_generation"] in range(
            1 if seq else number - 1, number) and (seq or body["event"] == "succeed") and re.fullmatch(NOTE, body["previous_checkpoint"]))
        links.setdefault(body["previous_generation"], []).append((int(note["size"]), body["kept"], note[0]))
    need(f"link: {origin} does not say what it follows", lambda: number == 1 or held and not held[0][0] or number - 1 not in logs)
    return [f"origin: {origin}", f"key: {key.hex()}", f"entries: {at}", f"root: {base64.b64encode(pins.get(at, b'')).decode()}",
        f"newest checkpoint: {max([0, *pins])}", f"newest outside checkpoint: {max(dict(outside + roots), default='none given')}",
        f"not yet provable outside: {at - max([0, *dict(outside + roots)])}", *["note: key taken from the export itself"] * (not given.key),
        *(f"note: generation {n} is not included" for n in range(1, number) if n not in logs),
        f"OK: {at} entries, {len(pins)} checkpoints, {len(held)} details, {at - len(held)} withheld or erased"]
def report(given):
    given.root, _ = [(int(n), base64.b64decode(root)) for n, root in (one.split("=", 1) for one in given.root)], [*given.dir.iterdir()]
    links, paths = {}, [given.dir, *given.dir.glob("previous/*")]
    logs = need("incomplete: log.vkey is missing, or names no generation", lambda: {int(found[2]): found[1] + b"\n" for found in [
        re.match(rb"([^+\n]*/([1-9][0-9]{0,3}))\+", (path / "log.vkey").read_bytes()) for path in paths]})
    need("link: previous/ holds what is not earlier", lambda: {path.name for path in paths[1:]} == {str(n) for n in sorted(logs)[:-1]})
    summary, *_ = [check(number, log, logs, given, links) for number, log in sorted(logs.items(), reverse=True)]
    lost = ", ".join(f"entries {kept}..{to - 1} of generation {n}" for n in sorted(links) for to, kept, _ in [max(links[n])] if to > kept)
    return print(*summary[:-1], f"DECLARED LOSS: {lost}; otherwise " * bool(lost) + summary[-1], sep="\n") or given.strict and bool(lost)
def main(arguments=None):
    cli, read, STEP[0] = argparse.ArgumentParser(description=__doc__), lambda name: pathlib.Path(name).read_bytes(), ""
    cli.add_argument("dir", type=pathlib.Path, metavar="DIR"); cli.add_argument("--strict", action="store_true")
    for flag, kind in (("--key", read), ("--checkpoint", read), ("--root", lambda text: re.fullmatch(f"{NUMBER}={HASH}", text)[0])):
        cli.add_argument(flag, type=kind, action="append", default=[])
    try: return report(cli.parse_args(arguments))
    except Exception as error: return print(f"FAIL: {STEP[0]}", file=sys.stderr) or 1 if STEP[0] else cli.error(str(error))
if __name__ == "__main__": sys.exit(main())
