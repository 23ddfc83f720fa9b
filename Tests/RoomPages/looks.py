"""What is asked of every page, whatever is on it: as axe asks it, for as far as the pages go."""

NAMES = """(() => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const name = (one) => (one.ariaLabel || one.labels?.[0]?.textContent
    || one.getAttribute('aria-labelledby')?.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ')
    || (['button', 'a', 'summary'].includes(one.localName) ? one.textContent : '') || '').trim();
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, [role=button]')]
    .filter(seen).filter((one) => !name(one)).map((one) => one.outerHTML.slice(0, 200));
})()"""

SMALL_TARGETS = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 160)])
  .filter(([box]) => box.width < 44 || box.height < 44).map(([box, html]) => [box.width, box.height, html])"""

STRUCTURE = """(() => {
  const wrong = [], ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  const say = (rule, one) => wrong.push(`${rule}: ${one.outerHTML.slice(0, 160)}`);
  for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) wrong.push(`duplicate id ${id}`);
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title) wrong.push('no title');
  for (const part of ['main', 'h1']) if (document.querySelectorAll(part).length !== 1) wrong.push(`not one ${part}`);
  let level = 0;
  for (const one of document.querySelectorAll('h1, h2, h3, h4')) {
    if (!one.checkVisibility()) continue;
    if (Number(one.localName[1]) > level + 1) say('heading skips a level', one);
    level = Number(one.localName[1]);
  }
  for (const one of document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls]')) {
    for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
      for (const id of one.getAttribute(name)?.split(' ') ?? []) if (!document.getElementById(id)) say(`${name} of nothing`, one);
    }
  }
  for (const one of document.querySelectorAll('li')) if (!['OL', 'UL'].includes(one.parentNode.nodeName)) say('li outside', one);
  for (const one of document.querySelectorAll('ol > *, ul > *')) if (one.localName !== 'li') say('not li', one);
  for (const one of document.querySelectorAll('button button, a a, a button, button a')) say('control in a control', one);
  for (const one of document.querySelectorAll('[aria-pressed]')) {
    if (!['true', 'false'].includes(one.getAttribute('aria-pressed'))) say('aria-pressed', one);
  }
  for (const one of document.querySelectorAll('img:not([alt]), svg:not([aria-hidden], [role=img])')) say('no text', one);
  for (const one of document.querySelectorAll('[tabindex]')) if (one.tabIndex > 0) say('tabindex', one);
  for (const one of document.querySelectorAll('section')) {
    if (!one.ariaLabel && !one.getAttribute('aria-labelledby') && !one.querySelector('h2')) say('section without a name', one);
  }
  return wrong;
})()"""

# Texts in the order of the page with their contrast; what lies half behind something else is looked at as it is.
CONTRAST = """(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const channels = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const light = (color) => channels(color).slice(0, 3).map((value) => value / 255)
    .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (channels(color)[3] > 0.99) return color;
    }
    return 'white';
  };
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const low = [];
  const look = (what, color, element, least) => {
    const found = ratio(light(color), light(behind(element)));
    if (found < least) low.push(`${found.toFixed(2)} < ${least}: ${what}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest('.unseen, script, template')) continue;
    const isOff = element.closest(':disabled');
    look(node.data.trim().slice(0, 40), getComputedStyle(element).color, element, isOff ? 3 : LEAST);
  }
  for (const one of document.querySelectorAll('input:not([type=hidden]), textarea, .vote:enabled')) {
    if (!one.checkVisibility()) continue;
    look('the edge of ' + one.outerHTML.slice(0, 60), getComputedStyle(one).borderTopColor, one.parentElement, 3);
    if (one.placeholder) look('the placeholder ' + one.placeholder, getComputedStyle(one, '::placeholder').color, one, LEAST);
  }
  return low;
})()"""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(tab, least: float = 4.5) -> list[str]:
    """All that is wrong with the page as it stands."""
    found = [f"no name: {html}" for html in tab.run(NAMES)]
    found += [f"small: {target}" for target in tab.run(SMALL_TARGETS)]
    found += tab.run(STRUCTURE)
    found += tab.run(CONTRAST.replace("LEAST", str(least)))
    if (over := tab.run(SIDEWAYS)) > 0:
        found.append(f"scrolls sideways by {over}")
    return found
