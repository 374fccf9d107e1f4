#!/usr/bin/python3
"""Checks every page in every state and language as page_preview wrote it: well-formed HTML, names for all controls, the
ids that are kept for good, nothing inline; then the contrasts of the stylesheet's colours and the texts of all locales.

  check_pages.py PAGE_PREVIEW SHARE_DIR
"""
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

VOID = {"meta", "link", "img", "input", "br", "hr"}
KNOWN = VOID | {"html", "head", "title", "body", "header", "main", "footer", "form", "div", "p", "span", "bdi", "h1", "h2",
                "label", "button", "a", "ul", "li", "dl", "dt", "dd", "code", "details", "summary", "iframe", "script"}
SCRIPTS = {"form_post": "form_post.js", "logged_out_going_on": "logout.js"}  # all others have none
IDS = {  # what automation and themes may count on
    "login": {"login-form", "username", "password", "login-submit", "login-cancel"},
    "consent": {"consent-allow", "consent-deny"},
    "error": {"op-error", "request-id"},
    "error_unvetted": {"op-error", "request-id", "way-back"},
    "continue": {"continue-form", "continue-submit"},
    "form_post": {"form-post", "form-post-submit"},
    "device_code": {"device-code-form", "user-code", "device-code-submit"},
    "device_confirm": {"device-form", "device-user-code", "device-allow", "device-deny"},
    "device_done": {"device-done"},
    "logged_in": set(),
    "logout": {"logout-form", "logout-confirm", "logout-cancel"},
    "logged_out": {"logout-done"},
    "logged_out_going_on": {"logout-continue"},
}
SERVICE_LINKS = ("https://www.northbridge.example/privacy", "https://www.northbridge.example/terms")  # page_samples.cc
problems = []


def complain(where, what):
    problems.append(f"{where}: {what}")


class Page(html.parser.HTMLParser):
    """Reads a page strictly: every element known, closed in order, no attribute twice."""

    def __init__(self, name, text):
        super().__init__(convert_charrefs=True)
        self.name, self.stack, self.elements, self.texts = name, [], [], []
        self.feed(text)
        self.close()
        if self.stack:
            complain(name, f"not closed: {self.stack}")

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            complain(self.name, f"<{tag}> has an attribute twice")
        if tag not in KNOWN:
            complain(self.name, f"unexpected <{tag}>")
        for name in names:
            if name == "style" or name.startswith("on"):
                complain(self.name, f"<{tag}> has {name}=")
        self.elements.append((tag, dict(attributes), list(self.stack)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            complain(self.name, f"</{tag}> closes {self.stack[-1:]}")
        else:
            self.stack.pop()

    def handle_data(self, data):
        if ("{{" in data or "}}" in data) and "hostile" not in self.name:
            complain(self.name, f"a tag was left over: {data.strip()}")
        self.texts.append((tuple(self.stack), data))

    def all(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def text_of(self, tag):
        return "".join(data for stack, data in self.texts if tag in stack).strip()


def check_page(name, page, language):
    kind = max((k for k in IDS if name.split("/")[-1].startswith(k)), key=len)
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    if len(ids) != len(set(ids)):
        complain(name, "an id occurs twice")
    for missing in IDS[kind] - set(ids):
        complain(name, f"#{missing} is missing")
    if page.all("html")[0].get("lang") != language:
        complain(name, "lang is wrong")
    if len(page.all("h1")) != 1 or not page.text_of("h1") or not page.text_of("title"):
        complain(name, "needs one heading and a title")
    if not any(element.get("name") == "viewport" for element in page.all("meta")):
        complain(name, "no viewport")
    for image in page.all("img"):
        if image.get("alt") is None:
            complain(name, "an image without alt")
    for link in page.all("a"):
        if link.get("target") == "_blank" and "noopener" not in link.get("rel", ""):
            complain(name, "a new window keeps its opener")
    for _, attributes, _ in page.elements:
        for relation in ("aria-describedby", "aria-labelledby", "for"):
            if relation in attributes and attributes[relation] not in ids:
                complain(name, f"{relation} names nothing")
        if int(attributes.get("tabindex") or 0) > 0:
            complain(name, "a tabindex changes the order of focus")
    for script in page.all("script"):
        if set(script) != {"src", "defer"} or f"static/{SCRIPTS.get(kind)}?v=" not in script["src"]:
            complain(name, "a script that is not the page's own file")
    if page.text_of("script"):
        complain(name, "a script within the page")
    check_controls(name, page)
    if kind == "login":
        check_login(name, page)
    if kind in ("login", "consent"):
        links = {element.get("id"): element.get("href") for element in page.all("a")}
        if (links.get("service-policy"), links.get("service-tos")) != SERVICE_LINKS:
            complain(name, "the provider's own links are missing")


def check_controls(name, page):
    labelled = {label.get("for") for label in page.all("label")}
    for tag, attributes, stack in page.elements:
        if tag == "input" and attributes.get("type") != "hidden":
            if attributes.get("id") not in labelled and "label" not in stack:
                complain(name, f"input {attributes.get('name')} has no label")
        if tag == "form" and attributes.get("method") != "post":
            complain(name, "a form that does not post")
        if tag in ("input", "button") and "form" not in stack:
            complain(name, "a control outside the form")
    if len([1 for attributes in page.elements if "autofocus" in attributes[1]]) > 1:
        complain(name, "two elements want the focus")


def check_login(name, page):
    inputs = {element.get("id"): element for element in page.all("input")}
    username, password = inputs["username"], inputs["password"]
    if username["type"] != "text" or {"readonly", "disabled", "hidden"} & set(username):
        complain(name, "the user name must stay editable")
    if username["autocomplete"] != "username" or password["autocomplete"] != "current-password":
        complain(name, "password managers find no fields")
    order = [element.get("id") for tag, element, _ in page.elements if tag in ("input", "button") and "id" in element]
    if order != ["username", "password", "login-submit", "login-cancel"]:
        complain(name, f"order of focus is {order}")
    state = name.split("/")[-1]
    alert = [element for _, element, _ in page.elements if element.get("role") == "alert"]
    state = "login_wrong" if "hostile" in name else state
    has_error = any(word in state for word in ("wrong", "missing", "many", "wait", "restarted"))
    if has_error != bool(alert) or has_error and password.get("aria-describedby") != alert[0].get("id"):
        complain(name, "the error is not announced, or announced without being one")
    if ("wrong" in state or "missing" in state) != (username.get("aria-invalid") == "true"):
        complain(name, "aria-invalid does not say whether the input was wrong")
    if has_error and "hostile" not in name and "\u2068" not in page.text_of("title")[:12]:
        complain(name, "the title does not begin with the error")


def check_error(name, page):
    text = re.sub(r"\s+", " ", " ".join(data for stack, data in page.texts if "dl" in stack))
    if "invalid_request" not in text or "redirect_uri" not in text:
        complain(name, "#op-error names neither code nor parameter")


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [("ink", "surface"), ("ink", "paper"), ("muted", "surface"), ("muted", "paper"), ("accent", "surface"), ("accent", "paper"),
        ("accent-strong", "surface"), ("accent-strong", "note-paper"), ("on-accent", "accent"),
        ("on-accent", "accent-strong"), ("note-ink", "note-paper"), ("caution-ink", "caution-paper"),
        ("error-ink", "error-paper")]
OTHER = [("edge", "surface"), ("accent", "surface"), ("accent", "paper"), ("accent", "note-paper"), ("error-ink", "surface")]


def check_colours(css):
    colours = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
    dark_at = css.index("@media (prefers-color-scheme: dark)")
    light = dict(colours.findall(css[:dark_at]))
    dark = dict(colours.findall(css[dark_at:css.index("*,\n", dark_at)]))
    if set(light) != set(dark):
        complain("oidcop.css", f"colours of one scheme only: {set(light) ^ set(dark)}")
    for scheme, values in (("light", light), ("dark", dark)):
        for pairs, least in ((TEXT, 4.5), (OTHER, 3.0)):
            for one, other in pairs:
                ratio = contrast(values[one], values[other])
                if ratio < least:
                    complain("oidcop.css", f"{scheme}: {one} on {other} is {ratio:.2f}, needs {least}")
    if re.search(r"@import|@font-face|url\(|!important", css):
        complain("oidcop.css", "fetches something, or shouts")


def check_locales(folder):
    english = json.loads((folder / "en.json").read_text())
    places = re.compile(r"\{[a-z_]+\}")
    for file in sorted(folder.glob("*.json")):
        texts = json.loads(file.read_text())
        if list(texts) != list(english):
            complain(file.name, f"differs from en.json in {sorted(set(texts) ^ set(english)) or 'order'}")
        for name, text in texts.items():
            if not text.strip() or text != text.strip() or "'" in text or "..." in text:
                complain(file.name, f"{name}: empty, blanks at the ends, or typewriter marks")
            if sorted(places.findall(text)) != sorted(places.findall(english.get(name, ""))):
                complain(file.name, f"{name}: other placeholders than in English")


def check_templates(share):
    """Every name in a template is a text, or a value that the templates' own README describes."""
    known = set(json.loads((share / "locale" / "en.json").read_text()))
    known |= set(re.findall(r"`([a-z_]+)`", (share / "templates" / "README.md").read_text()))
    known |= {"words", "value"}
    for file in (share / "templates").glob("*.mustache"):
        text = file.read_text()
        if re.search(r"\{\{\s*[{&=]", text):
            complain(file.name, "writes something unescaped")
        for name in sorted(set(re.findall(r"\{\{[#^/]?\s*([a-z_]+)", text)) - known):
            complain(file.name, f"{name} is neither a text nor described in README.md")


def main():
    preview, share = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([preview, share, out], check=True)
        pages = sorted(pathlib.Path(out).glob("*/*.html"))
        for file in pages:
            name = f"{file.parent.name}/{file.stem}"
            page = Page(name, file.read_text())
            check_page(name, page, "en" if file.parent.name == "hostile" else file.parent.name)
            if file.stem == "error" and file.parent.name != "hostile":
                check_error(name, page)
    if len(pages) < 4 * 25:
        complain("page_preview", f"only {len(pages)} pages")
    check_colours((share / "static" / "oidcop.css").read_text())
    check_locales(share / "locale")
    check_templates(share)
    print("\n".join(problems) or f"{len(pages)} pages are in order")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
