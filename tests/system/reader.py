"""Somebody at a browser, who does all with a pointer, or all with a keyboard. Nothing is found by the words of a language."""

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser
from daemon import until

STOPS_MAX = 200  # of the Tab key, on one page


class Reader(Browser):
    """A browser in somebody's language, in front of somebody who reads and writes."""

    def __init__(self, language, scheme, script, width, way, logs=("browser",)):
        super().__init__(f"--lang={language}", f"--accept-lang={language}", "--hide-scrollbars", logs=logs)
        self.by_keyboard = way == "keyboard"
        self.prefer(scheme)
        self.be_wide(width, 800 if width > 600 else 720)
        self.tell("Emulation.setScriptExecutionDisabled", value=not script)

    def open(self, url):
        """What is typed into the address bar: the one thing that is no part of a page."""
        self.driver.get(url)

    def find(self, selector):
        """The first that can be seen, or is folded away."""
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        assert found, f"{selector} is not on {self.driver.current_url}"
        return next((element for element in found if element.is_displayed()), found[0])

    def has(self, selector):
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def unfold(self, element):
        """Opens the fold that it is in, if it is in one that is shut."""
        shut = self.run("const fold = arguments[0].closest('details:not([open])'); return fold && fold.querySelector('summary')", element)
        if shut and shut != element:
            self.press(shut)

    def reach(self, element):
        """Goes to it: with Tab, until it has the focus and shows that, or with the pointer."""
        self.unfold(element)
        if not self.by_keyboard:
            self.hands().move_to_element(element).perform()
            return
        for _ in range(STOPS_MAX):
            if self.driver.switch_to.active_element == element:
                break
            self.keys(Keys.TAB)
        else:
            raise AssertionError(f"the Tab key does not lead to {element.get_attribute('outerHTML')}")
        assert self.run(SHOWS_FOCUS, element), f"nothing shows the focus of {element.get_attribute('outerHTML')}"

    def hands(self):
        return ActionChains(self.driver, duration=20)  # milliseconds that a pointer takes

    def keys(self, *keys):
        self.hands().send_keys(*keys).perform()

    def press(self, element):
        self.reach(element)
        if self.by_keyboard:
            self.keys(Keys.ENTER)
        else:
            self.hands().click(element).perform()

    def follow(self, selector):
        """Presses a link or a button, and waits for the page behind it."""
        element, before = self.find(selector), self.driver.find_element(By.TAG_NAME, "html")
        self.press(element)
        until(lambda: is_gone(before) and self.run("return document.readyState") == "complete")

    def write(self, selector, text):
        """Puts this in the place of what a field held."""
        element = self.find(selector)
        self.reach(element)
        if not self.by_keyboard:
            self.hands().click(element).perform()
        self.hands().key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(Keys.DELETE).send_keys(text).perform()
        assert element.get_property("value") == text, (selector, element.get_property("value"))

    def choose(self, selector, path):
        """Chooses a file. What the system asks then is no part of the page, so this is where WebDriver helps."""
        element = self.find(selector)
        self.reach(element)
        element.send_keys(str(path))

    def shown(self, selector):
        """The text of what is there."""
        return self.find(selector).text.strip()


def is_gone(element):
    """Whether the page it was on is."""
    try:
        element.is_enabled()
        return False
    except WebDriverException:
        return True


# An outline, or a shadow or a border in its place.
SHOWS_FOCUS = """
const now = getComputedStyle(arguments[0]);
return now.outlineStyle !== "none" && parseFloat(now.outlineWidth) > 0 || now.boxShadow !== "none";
"""
