"""A real browser: Debian's Chromium, driven by Playwright, and what can only be seen in one."""

import contextlib
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")


def executable():
    """Where Chromium is, or None."""
    named = os.environ.get("PROVISOR_TEST_CHROMIUM")
    return named or next(filter(None, map(shutil.which, EXECUTABLES)), None)


@contextlib.contextmanager
def launched():
    """A browser; whoever asks is skipped with a clear word where there is none."""
    path = executable()
    if path is None:
        pytest.skip(
            "Chromium is not installed: apt-get install chromium, or name one in PROVISOR_TEST_CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--force-prefers-reduced-motion"]
        )
        yield browser
        browser.close()


UNREADABLE = """() => {
  // Every text and the ground it stands on, with whatever lies between made opaque: less than 4.5 to 1 is told.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => c * a + under[i] * (1 - a));
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
    return layers.reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const told = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest(".hidden-text, svg, option, [disabled]")) continue;
    const under = ground(element);
    const [light, dark] = [luminance(over(rgba(getComputedStyle(element).color), under)), luminance(under)]
      .sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) told.push(`${text.slice(0, 40)} (${ratio.toFixed(2)})`);
  }
  return told;
}"""

UNFOCUSED = """() => {
  // What can be reached by keyboard and does not show it.
  const told = [];
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (element.type === "hidden" || element.disabled || !element.checkVisibility()) continue;
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) continue;
    const style = getComputedStyle(element);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) {
      told.push(element.outerHTML.slice(0, 80));
    }
  }
  return told;
}"""

SMALL = """() => [...document.querySelectorAll("button, a.button, nav a, select, .input")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
  .map(([element]) => element.outerHTML.slice(0, 80))"""
"""What is too small for a finger (WCAG 2.2, 2.5.8: 24 pixels)."""
