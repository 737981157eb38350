"""Chromium, which tells what ran in a page, what its policy refused, and what is in it that no template makes."""

from browser import Browser

EVERYWHERE = "class id lang"
# What templates, src/markdown and static/flaskr.js make, and nothing else.
MADE = {
    "a": "href rel title aria-label data-key", "article": "", "blockquote": "", "body": "", "br": "", "button": "name value type aria-label aria-current formnovalidate lang data-save",
    "code": "", "data": "value", "dd": "", "del": "", "details": "open", "dialog": "aria-labelledby", "dl": "", "dt": "", "div": "role aria-label aria-labelledby tabindex autofocus", "em": "", "fieldset": "", "footer": "", "form": "action method enctype role data-writing data-unsaved", "h1": "", "h2": "",
    "h3": "", "h4": "", "h5": "", "h6": "", "head": "", "header": "", "hr": "", "html": "lang data-theme",
    "img": "src srcset sizes alt title width height loading decoding",
    "input": "type name value required checked disabled accept autocapitalize autocomplete spellcheck maxlength aria-label aria-describedby aria-invalid data-save",
    "kbd": "", "label": "for", "legend": "", "li": "", "link": "rel href type title", "main": "", "mark": "", "meta": "charset name property content", "nav": "aria-label",
    "ol": "start", "option": "value selected", "p": "role hidden data-full data-then", "pre": "tabindex", "script": "type src", "section": "aria-label aria-labelledby tabindex", "select": "name aria-describedby", "span": "",
    "strong": "", "summary": "", "sup": "", "table": "", "tbody": "", "td": "", "template": "", "textarea": "name required aria-describedby aria-invalid", "th": "", "thead": "",
    "time": "datetime title", "title": "", "tr": "", "ul": "aria-label",
}
# Of these, what a text may have, and what is found in it.
IN_TEXT = "a blockquote br code del div em h2 h3 h4 h5 h6 hr img input label li mark ol p pre span strong sup table tbody td th thead tr ul"

HOOK = """
(() => {
  const made = MADE, everywhere = EVERYWHERE.split(" "), inText = IN_TEXT.split(" ");
  const ran = [], refused = [];
  for (const name of ["xss", "alert", "confirm", "prompt", "print"]) window[name] = () => { ran.push(name); };
  document.addEventListener("securitypolicyviolation", event => refused.push(event.effectiveDirective + " " + event.blockedURI));
  const fault = element => {
    const name = element.localName, about = element.cloneNode(false).outerHTML;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !(name in made)) return "no template makes " + about;
    const wrong = [...element.attributes].find(a => !everywhere.includes(a.name) && !made[name].split(" ").includes(a.name));
    if (wrong) return "no template makes " + wrong.name + " of " + about;
    if (element.closest(".body") && !element.matches(".body")) {
      if (!inText.includes(name)) return "no text has " + about;
      if (name === "input" && !(element.type === "checkbox" && element.disabled)) return "no text has " + about;
    }
    // What is no address at all leads nowhere: "//javascript:x" has no such port.
    if (name === "a" && URL.canParse(element.getAttribute("href"), location) && !["http:", "https:", "mailto:"].includes(element.protocol)) return "leads to a scheme: " + about;
    if (name === "script" && !/^\/static\/flaskr\.[0-9a-f]+\.js$/.test(element.getAttribute("src"))) return "a script that is not ours: " + about;
    if (name === "img" && !(element.getAttribute("src") || "").startsWith("/images/")) return "a picture of another site: " + about;
    if (name === "form" && new URL(element.getAttribute("action") || "", location).origin !== location.origin) return "sends elsewhere: " + about;
    // The icon stands in the page itself.
    if (name === "link" && element.rel === "icon" && element.parentNode === document.head && element.href.startsWith("data:image/svg+xml,")) return;
    if (name === "link" && new URL(element.href, location).origin !== location.origin) return "loads from elsewhere: " + about;
    if (name === "meta" && element.hasAttribute("http-equiv")) return "no template makes " + about;
  };
  window.flaskrLook = () => {
    const faults = [...document.querySelectorAll("*")].map(fault).filter(Boolean);
    const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
    while (comments.nextNode()) faults.push("a mark or comment: <!--" + comments.currentNode.data + "-->");
    return { ran, refused, faults, heading: (document.querySelector("h1") || {}).textContent || "" };
  };
})();
"""
for name, value in (("EVERYWHERE", EVERYWHERE), ("IN_TEXT", IN_TEXT), ("MADE", MADE)):
    HOOK = HOOK.replace(name, repr(value), 1)


class Watcher(Browser):
    """A browser that looks at each page it opens."""

    def __init__(self):
        super().__init__(script=HOOK)

    def open(self, url):
        self.driver.get(url)
        return self.look()

    def look(self):
        return self.run("return flaskrLook()")

    def shows(self, selector):
        """The same look, with a fault if this is not there."""
        seen, there = self.look(), self.run("return !!document.querySelector(arguments[0])", selector)
        return seen if there else seen | {"faults": [*seen["faults"], f"{selector} is not there, but {seen['heading']!r}"]}

    def refusals(self):
        """What the console said of a policy."""
        return [line for line in self.console() if "Content Security Policy" in line]
