"""Chromium as tests drive it: headless, and with no other host to ask."""

import base64
import http.server
import threading

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--no-first-run",
)
PATIENCE = 30  # seconds that a page or a script may take


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
    """One Chromium, without a sandbox of its own since it is run by root. What it loads first in every page is `script`."""

    def __init__(self, *arguments, script=None, logs=("browser",)):
        self.elsewhere = Elsewhere()
        options = Options()
        for argument in (*ARGUMENTS, f"--proxy-server=http://127.0.0.1:{self.elsewhere.server_address[1]}", *arguments):
            options.add_argument(argument)
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", dict.fromkeys(logs, "ALL"))
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)
        self.tell("Network.enable")
        if script:
            self.tell("Page.addScriptToEvaluateOnNewDocument", source=script)

    def tell(self, command, **parameters):
        """A command of the DevTools protocol; what it answers."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script, *arguments):
        """What a script returns that is no part of the page, and not bound by its policy."""
        return self.driver.execute_script(script, *arguments)

    def leave(self, script, *arguments):
        """Runs a script that opens another page, until that is there."""
        self.run("window.flaskrLeft = true;" + script, *arguments)
        for _ in range(3000):
            if self.run("return document.readyState === 'complete' && !window.flaskrLeft"):
                return
        raise AssertionError(f"nothing was opened by {script} of {arguments}")

    def be(self, cookie, url):
        """Whose browser it is: that of whoever has this cookie, or nobody's."""
        self.tell("Network.clearBrowserCookies")
        if cookie:
            name, value = cookie.split("=", 1)
            self.tell("Network.setCookie", name=name, value=value, url=url, httpOnly=True)

    def prefer(self, scheme):
        """The reader's system is light or dark, and without motion: a colour that is under way to another has no contrast."""
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.tell("Emulation.setEmulatedMedia", features=features)

    def be_wide(self, width, height=900):
        """How large its window is, in CSS pixels."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def send(self, path, fields, files=(), kind="multipart/form-data"):
        """Sends a form, as from one of the site's pages: it opens what answers. A file is its field, its name and bytes."""
        self.leave(
            """
            const [path, fields, files, kind] = arguments, form = document.createElement("form");
            Object.assign(form, { action: path, method: "post", enctype: kind });
            for (const [name, value] of fields) {
              const field = document.createElement("textarea");
              Object.assign(field, { name, value });
              form.append(field);
            }
            for (const [name, fileName, data] of files) {
              const field = document.createElement("input"), chosen = new DataTransfer();
              chosen.items.add(new File([Uint8Array.from(atob(data), sign => sign.charCodeAt(0))], fileName));
              Object.assign(field, { type: "file", name, files: chosen.files });
              form.append(field);
            }
            document.body.append(form);
            HTMLFormElement.prototype.submit.call(form);
            """,
            path, list(fields.items()), [(name, file_name, base64.b64encode(data).decode()) for name, file_name, data in files], kind,
        )

    def source(self):
        """The page's HTML as it was sent."""
        frame = self.tell("Page.getFrameTree")["frameTree"]["frame"]
        return self.tell("Network.getResponseBody", requestId=frame["loaderId"])["body"]

    def status(self):
        return self.run("return performance.getEntriesByType('navigation')[0].responseStatus")

    def console(self):
        """What the console says that is no good."""
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] in ("SEVERE", "WARNING")]

    def quit(self):
        self.driver.quit()
