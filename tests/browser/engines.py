"""Drives Firefox and WebKit by WebDriver: enough to open pages, look at them and use them.

Playwright's own builds of both are patched; these are the packages of Debian. Firefox is driven by
Marionette, its own WebDriver port, because Debian lacks geckodriver; WebKitGTK by WebKitWebDriver.
Both have the same commands under different names.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.services import free_port

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of a reference to an element in WebDriver
PATIENCE = 20  # timeout in seconds for a busy machine
HTTP = {
    "Navigate": ("POST", "/url"),
    "Back": ("POST", "/back"),
    "ExecuteScript": ("POST", "/execute/sync"),
    "AddCookie": ("POST", "/cookie"),
    "DeleteCookie": ("DELETE", "/cookie/{name}"),
    "DeleteAllCookies": ("DELETE", "/cookie"),
    "SetWindowRect": ("POST", "/window/rect"),
    "FindElement": ("POST", "/element"),
    "ElementClick": ("POST", "/element/{id}/click"),
    "ElementSendKeys": ("POST", "/element/{id}/value"),
    "SwitchToFrame": ("POST", "/frame"),
    "DeleteSession": ("DELETE", ""),
}
# Firefox: its error console lists all errors.
COMPLAINTS = """
  const found = Services.console.getMessageArray()
    .filter((each) => each instanceof Ci.nsIScriptError)
    .filter((each) => each.category === 'content javascript' || each.category.startsWith('CSP'))
    .filter((each) => !(each.flags & Ci.nsIScriptError.warningFlag) || each.category.startsWith('CSP'))
    .map((each) => `${each.errorMessage} ${each.sourceName}:${each.lineNumber}`);
  Services.console.reset();
  return found;
"""
# WebKit: a script that runs in each page before any other.
LISTENER = """
window.complaints = [];
addEventListener('error', (e) => {
  if (e.message) complaints.push(`${e.message} ${e.filename}:${e.lineno}`);
  else if (e.target.src?.startsWith(location.origin)) complaints.push(`not loaded: ${e.target.src}`);
}, true);
addEventListener('unhandledrejection', (e) => complaints.push(String(e.reason)));
addEventListener('securitypolicyviolation', (e) =>
  complaints.push(`policy ${e.violatedDirective}: ${e.blockedURI}`));
"""
FIREFOX_PREFS = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "ko-KR,ko",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    # only this machine can be reached
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    "services.settings.server": "http://127.0.0.1:9",
    "toolkit.telemetry.enabled": False,
    "widget.gtk.overlay-scrollbars.enabled": True,
    "ui.useOverlayScrollbars": 1,
}


class EngineError(Exception):
    """The error that a driver returned."""


class Engine:
    """A browser with one window. Subclasses implement `call`."""

    cookie_extras: dict = {}
    frame_parameter = "id"

    def call(self, command: str, **parameters):
        raise NotImplementedError

    def goto(self, url: str) -> None:
        self.call("Navigate", url=url)

    def evaluate(self, script: str, *arguments):
        """The value of an expression, or of a function called with the arguments."""
        call = f"const it = ({script}); return typeof it === 'function' ? it(...arguments) : it;"
        return self.call("ExecuteScript", script=call, args=list(arguments))

    def wait_for(self, script: str, *arguments):
        """Waits until the value is true, and returns it."""
        deadline = time.monotonic() + PATIENCE
        while not (value := self._try(script, *arguments)):
            if time.monotonic() > deadline:
                raise EngineError(f"waited in vain for {script} at {self.url}")
            time.sleep(0.02)
        return value

    def _try(self, script: str, *arguments):
        with contextlib.suppress(EngineError):  # the page is being replaced
            return self.evaluate(script, *arguments)

    @property
    def url(self) -> str:
        return self.evaluate("location.href")

    def find(self, selector: str) -> str:
        self.wait_for("(s) => document.querySelector(s) !== null", selector)
        found = self.call("FindElement", using="css selector", value=selector)
        return found[ELEMENT]

    def click(self, selector: str) -> None:
        self._act("ElementClick", selector)

    def type(self, selector: str, text: str) -> None:
        self._act("ElementSendKeys", selector, text=text)

    def _act(self, command: str, selector: str, **parameters) -> None:
        """Repeats while WebKit reports the element as 'not interactable' because of layout."""
        deadline = time.monotonic() + PATIENCE
        while True:
            element = self.find(selector)
            # WebKit does not always scroll to what it is told to click.
            self.evaluate(
                "(s) => document.querySelector(s).scrollIntoView({ block: 'center', behavior: 'instant' })",
                selector,
            )
            try:
                self.call(command, id=element, **parameters)
            except EngineError as error:
                if "not interactable" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def enter_frame(self, selector: str) -> None:
        self.call("SwitchToFrame", **{self.frame_parameter: {ELEMENT: self.find(selector)}})

    def leave_frame(self) -> None:
        self.call("SwitchToFrame", id=None)

    def add_cookie(self, name: str, value: str) -> None:
        """Sets a cookie of the open site."""
        cookie = {"name": name, "value": value, "path": "/", "secure": False, "httpOnly": True}
        cookie |= {"sameSite": "Lax", "expiry": int(time.time()) + 3600} | self.cookie_extras
        self.call("AddCookie", cookie=cookie)

    def forget(self, name: str = "") -> None:
        """Deletes one cookie of the open site, or all of them."""
        if name:
            self.call("DeleteCookie", name=name)
        else:
            self.call("DeleteAllCookies")

    @contextlib.contextmanager
    def navigation(self):
        """A context that waits until the navigation started inside it has finished."""
        self.evaluate("() => { window.isBefore = true; }")
        yield
        self.wait_for("() => !window.isBefore && document.readyState === 'complete'")

    def resize(self, width: int, height: int) -> None:
        raise NotImplementedError

    def complaints(self) -> list[str]:
        """Script errors and violations of the content policy since the last call."""
        raise NotImplementedError


class WebKit(Engine):
    cookie_extras = {"domain": "localhost"}  # a cookie without it is silently dropped

    def __init__(self, driver: str, browser: str, folder: Path, display: str):
        script = folder / "listener.js"
        script.write_text(LISTENER, "utf-8")
        port = free_port()
        environment = os.environ | {"DISPLAY": display, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        environment |= {
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
        }
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [shutil.which("dbus-run-session"), "--", driver, f"--port={port}"],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for_port(port, self.process)
        self.base = f"http://127.0.0.1:{port}/session"
        options = {
            "binary": browser,
            "args": [
                "--automation",
                "--full-screen",
                "--private",
                f"--user-script-at-start={script}",
            ],
        }
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.base += "/" + self._ask("POST", "", {"capabilities": capabilities})["sessionId"]

    def _ask(self, method: str, path: str, parameters: dict):
        data = json.dumps(parameters).encode() if method == "POST" else None
        head = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, data, head, method=method)
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise EngineError(error.read().decode()) from error

    def call(self, command: str, **parameters):
        method, path = HTTP[command]
        return self._ask(method, path.format(**parameters), parameters)

    def resize(self, width: int, height: int) -> None:
        self.call("SetWindowRect", x=0, y=0, width=width, height=height)
        self.wait_for("(width) => innerWidth === width", width)

    def complaints(self) -> list[str]:
        return self.evaluate("window.complaints.splice(0)")

    def close(self) -> None:
        with contextlib.suppress(EngineError, OSError):
            self.call("DeleteSession")
        end(self.process)


class Firefox(Engine):
    frame_parameter = "element"

    def __init__(self, browser: str, folder: Path):
        port = free_port()
        prefs = FIREFOX_PREFS | {"marionette.port": port}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in prefs.items()]
        (folder / "user.js").write_text("\n".join(lines), "utf-8")
        command = [browser, "--headless", "--marionette", "--remote-allow-system-access"]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--no-remote", "--profile", str(folder)],
                env=os.environ | {"HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for_port(port, self.process)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=90)
        self.stream = self.socket.makefile("rb")
        self.count = 0
        self._read()  # the greeting
        self.call("NewSession", capabilities={"alwaysMatch": {"unhandledPromptBehavior": "accept"}})

    def _read(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.stream.read(1)
            if not byte:
                raise EngineError("Firefox has gone")
            length += byte
        return json.loads(self.stream.read(int(length[:-1])))

    def call(self, command: str, **parameters):
        name = command if ":" in command else f"WebDriver:{command}"
        self.count += 1
        message = json.dumps([0, self.count, name, parameters]).encode()
        self.socket.sendall(f"{len(message)}:".encode() + message)
        _kind, _count, error, result = self._read()
        if error:
            raise EngineError(f"{error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) and "value" in result else result

    @contextlib.contextmanager
    def _inside(self):
        """Runs scripts in the browser's context, not the page's."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            yield
        finally:
            self.call("Marionette:SetContext", value="content")

    def resize(self, width: int, height: int) -> None:
        # A window is at least 450 px wide, but the element that shows the page can be narrower.
        with self._inside():
            self.evaluate(
                """(width, height) => {
                  const { style } = gBrowser.selectedBrowser;
                  for (const each of ['min', 'max']) {
                    style.setProperty(`${each}-width`, `${width}px`);
                    style.setProperty(`${each}-height`, `${height}px`);
                  }
                }""",
                width,
                height,
            )
        self.wait_for("(width) => innerWidth === width", width)

    def complaints(self) -> list[str]:
        with self._inside():
            return self.evaluate(f"() => {{ {COMPLAINTS} }}")

    def close(self) -> None:
        with contextlib.suppress(EngineError, OSError):
            self.call("Marionette:Quit", flags=["eForceQuit"])
        self.socket.close()
        end(self.process)


# -- As Playwright says it -------------------------------------------------------------------------
ROLES = {"button": "button, input[type=submit]", "link": "a[href]"}


class Found:
    """The first element, or that at `place`, that matches a selector and the name of a button or link."""

    def __init__(self, engine: Engine, selector: str, name: str = "", place: int = 0):
        self.engine, self.selector, self.name, self.place = engine, selector, name, place

    @property
    def first(self) -> "Found":
        return self

    def nth(self, place: int) -> "Found":
        return Found(self.engine, self.selector, self.name, place)

    def get_by_role(self, role: str, *, name: str, exact: bool = False) -> "Found":
        selector = ", ".join(f"{self.selector} {each}" for each in ROLES[role].split(", "))
        return Found(self.engine, selector, name)

    def _do(self, action: str, *arguments):
        script = f"""(selector, name, place, ...arguments) => {{
          const each = [...document.querySelectorAll(selector)]
            .filter((one) => !name || (one.textContent.trim() || one.value) === name)[place];
          if (!each) return false;
          ({action})(each, ...arguments);
          return true;
        }}"""
        self.engine.wait_for(script, self.selector, self.name, self.place, *arguments)

    def click(self) -> None:
        self._do("(each) => each.click()")

    def check(self) -> None:
        self._do("(each) => each.checked || each.click()")

    def fill(self, text: str) -> None:
        self._do("(each, text) => { each.value = text; }", text)

    def select_option(self, value: str) -> None:
        self._do("(each, value) => { each.value = value; }", value)


class EnginePage:
    """The part of Playwright's Page that the actions of places.py use, on top of an engine."""

    def __init__(self, engine: Engine):
        self.engine, self.context = engine, self

    def clear_cookies(self, name: str) -> None:
        self.engine.forget(name)

    def fill(self, selector: str, text: str) -> None:
        self.locator(selector).fill(text)

    def reload(self) -> None:
        self.engine.goto(self.engine.url)

    def wait_for_url(self, pattern: str) -> None:
        end = pattern.removeprefix("**")
        self.engine.wait_for("(end) => location.href.endsWith(end)", end)

    def locator(self, selector: str) -> "Found":
        return Found(self.engine, selector)

    def eval_on_selector_all(self, selector: str, script: str):
        return self.engine.evaluate(
            f"(selector) => ({script})([...document.querySelectorAll(selector)])", selector
        )


# -- Starting --------------------------------------------------------------------------------------
def wait_for_port(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise EngineError("the browser's driver does not start")


def end(process: subprocess.Popen) -> None:
    """Ends the process group."""
    for signal in (15, 9):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
    process.wait()


def find_minibrowser() -> str | None:
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[0]) if found else None


@contextlib.contextmanager
def screen():
    """Starts a virtual display; yields its name."""
    reader, writer = os.pipe()
    command = [shutil.which("Xvfb"), "-displayfd", str(writer), "-nolisten", "tcp"]
    process = subprocess.Popen(
        [*command, "-screen", "0", "1400x1600x24"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as number:
            yield f":{number.readline().strip()}"
    finally:
        end(process)


@contextlib.contextmanager
def open_engine(name: str, folder: Path):
    """The engine, or None if it is not installed."""
    if name == "firefox":
        browser = shutil.which("firefox-esr") or shutil.which("firefox")
        if browser is None:
            yield None
            return
        engine = Firefox(browser, folder)
        try:
            yield engine
        finally:
            engine.close()
        return
    driver, browser = shutil.which("WebKitWebDriver"), find_minibrowser()
    if None in (driver, browser, shutil.which("Xvfb"), shutil.which("dbus-run-session")):
        yield None
        return
    with screen() as display:
        engine = WebKit(driver, browser, folder, display)
        try:
            yield engine
        finally:
            engine.close()
