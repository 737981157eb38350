"""Chromium, which tells what ran in a page, what its policy refused, and what is in it that no template makes."""

import http.server
import threading

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

EVERYWHERE = "class id"
# What templates and src/markdown make, and nothing else.
MADE = {
    "a": "href rel title aria-label", "article": "", "blockquote": "", "body": "", "br": "", "button": "name value aria-label formnovalidate",
    "code": "", "data": "value", "del": "", "details": "open", "div": "role aria-labelledby", "em": "", "fieldset": "", "form": "action method enctype role", "h1": "", "h2": "",
    "h3": "", "h4": "", "h5": "", "h6": "", "head": "", "header": "", "hr": "", "html": "lang",
    "img": "src srcset sizes alt title width height loading decoding",
    "input": "type name value required checked disabled accept autocomplete maxlength aria-label aria-describedby aria-invalid",
    "label": "for", "legend": "", "li": "", "link": "rel href type title", "main": "", "mark": "", "meta": "charset name property content", "nav": "aria-label",
    "ol": "start", "option": "value selected", "p": "role", "pre": "", "section": "aria-labelledby", "select": "name aria-describedby", "span": "",
    "strong": "", "summary": "", "sup": "", "table": "", "tbody": "", "td": "", "textarea": "name required aria-describedby aria-invalid", "th": "", "thead": "",
    "time": "datetime", "title": "", "tr": "", "ul": "aria-label",
}
# Of these, what a text may have, and what is found in it.
IN_TEXT = "a blockquote br code del div em h2 h3 h4 h5 h6 hr img input li mark ol p pre span strong sup table tbody td th thead tr ul"

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


class Elsewhere(http.server.ThreadingHTTPServer):
    """A proxy in the place of the whole internet: it refuses all, and remembers what it was asked for."""

    def __init__(self):
        self.asked = []
        super().__init__(("127.0.0.1", 0), Refuser)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Refuser(http.server.BaseHTTPRequestHandler):
    def refuse(self):
        self.server.asked.append(self.path)
        self.send_error(502)

    do_GET = do_POST = do_CONNECT = do_HEAD = refuse

    def log_message(self, *_):
        pass


class Browser:
    """One Chromium, without a sandbox of its own since it is run by root."""

    def __init__(self):
        self.elsewhere = Elsewhere()
        options = Options()
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--no-first-run", f"--proxy-server=http://127.0.0.1:{self.elsewhere.server_address[1]}",
        ):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": HOOK})

    def be(self, cookie, url):
        """Whose browser it is: that of whoever has this cookie, or nobody's."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        if cookie:
            name, value = cookie.split("=", 1)
            self.driver.execute_cdp_cmd("Network.setCookie", {"name": name, "value": value, "url": url, "httpOnly": True})

    def open(self, url):
        self.driver.get(url)
        return self.look()

    def look(self):
        return self.driver.execute_script("return flaskrLook()")

    def shows(self, selector):
        """The same look, with a fault if this is not there."""
        seen, there = self.look(), self.driver.execute_script("return !!document.querySelector(arguments[0])", selector)
        return seen if there else seen | {"faults": [*seen["faults"], f"{selector} is not there, but {seen['heading']!r}"]}

    def send(self, path, fields, files=()):
        """Sends a form, as from one of the site's pages: it opens what answers."""
        self.driver.execute_script(
            """
            const [path, fields, files] = arguments, form = document.createElement("form");
            Object.assign(form, { action: path, method: "post", enctype: "multipart/form-data" });
            for (const [name, value] of fields) {
              const field = document.createElement("textarea");
              Object.assign(field, { name, value });
              form.append(field);
            }
            for (const [name, fileName] of files) {
              const field = document.createElement("input"), chosen = new DataTransfer();
              chosen.items.add(new File(["no picture"], fileName));
              Object.assign(field, { type: "file", name, files: chosen.files });
              form.append(field);
            }
            window.flaskrLeft = true;
            document.body.append(form);
            HTMLFormElement.prototype.submit.call(form);
            """,
            path, list(fields.items()), list(files),
        )
        arrived = "return document.readyState === 'complete' && !window.flaskrLeft && !!window.flaskrLook"
        for _ in range(3000):
            if self.driver.execute_script(arrived):
                return
        raise AssertionError(f"no answer to a form for {path}")

    def console(self):
        """What the console said of a policy."""
        return [line["message"] for line in self.driver.get_log("browser") if "Content Security Policy" in line["message"]]

    def quit(self):
        self.driver.quit()
