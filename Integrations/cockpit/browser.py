"""browser: a page in a browser, by WebDriver's protocol: what its driver (chromedriver) needs of it is HTTP and JSON, no more."""
import base64
import json
import time
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Escape": "\ue00c", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008"}


class Refused(Exception):
    """What the driver would not do: `kind` is its name for why."""

    def __init__(self, answer):
        super().__init__(f"{answer['error']}: {answer['message'].splitlines()[0]}")
        self.kind = answer["error"]


class Browser:
    def __init__(self, port, options):
        self.address = f"http://127.0.0.1:{port}"
        # Not by a proxy that the environment names.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        wanted = {"browserName": "chrome-headless-shell", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.address += f"/session/{answer['sessionId']}"

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.address + path, None if body is None else json.dumps(body).encode(), method=method)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Refused(json.load(error)["value"]) from None

    def post(self, path, **body):
        return self.ask("POST", path, body)

    def close(self):
        self.ask("DELETE", "")

    def open(self, address):
        self.post("/url", url=address)

    def frame(self, element=None):
        """Into the frame that is this element, or to the top."""
        self.post("/frame", id=element)

    def run(self, script, *words):
        return self.post("/execute/sync", script=script, args=list(words))

    def wait_run(self, script, *words):
        """A script that ends by calling its last argument."""
        return self.post("/execute/async", script=script, args=list(words))

    def devtools(self, command, **words):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": words})

    def all(self, selector):
        """By CSS, or from `//` on by XPath."""
        return self.post("/elements", using="xpath" if selector.startswith("//") else "css selector", value=selector)

    def text(self, element):
        return self.ask("GET", f"/element/{element[ELEMENT]}/text")

    def role(self, element):
        """As a screen reader is told of it: role and name."""
        path = f"/element/{element[ELEMENT]}"
        return self.ask("GET", path + "/computedrole"), self.ask("GET", path + "/computedlabel")

    def click(self, element):
        self.post(f"/element/{element[ELEMENT]}/click")

    def type(self, element, text):
        self.post(f"/element/{element[ELEMENT]}/clear")
        self.post(f"/element/{element[ELEMENT]}/value", text=text)

    def press(self, *names):
        """Keys one after the other, to what has the focus; `Shift+Tab` is one."""
        actions = []
        for name in names:
            keys = [KEYS[word] for word in name.split("+")]
            actions += [{"type": "keyDown", "value": key} for key in keys] + [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def focus(self):
        return self.ask("GET", "/element/active")

    def size(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def dark(self, dark):
        """As whoever prefers dark pages has it."""
        value = "dark" if dark else "light"
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("GET", "/screenshot")))

    def complaints(self):
        """What the browser's console has said since it was asked last."""
        return [entry["message"] for entry in self.post("/se/log", type="browser")]


def eventually(what, look, seconds=60):
    """Until it is so; what it was last is in the fault. An element that goes while it is looked at is looked at again."""
    end = time.monotonic() + seconds
    while True:
        try:
            seen = look()
        except Refused as refused:
            if refused.kind not in ("stale element reference", "no such element", "no such frame", "element not interactable",
                                    "element click intercepted"):
                raise
            seen, problem = None, refused
        else:
            problem = seen
        if seen:
            return seen
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: {problem}")
        time.sleep(0.1)
