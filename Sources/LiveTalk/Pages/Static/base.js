// What every page's script begins with. The scripts of a page are joined into one module by the server.
const root = document.documentElement;
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
/** Texts only ever come in as text. */
const say = (node, text) => { if (node && node.textContent !== text) node.textContent = text; };
const show = (node, isShown) => { if (node) node.hidden = !isShown; };
/** What the server has put into the page: the talk, the position in its feed, the strings. */
const page = JSON.parse(one('#page')?.textContent ?? '{}');
/** A string of the page's language with its numbers put in: `word('left', {n: 3})`. */
const word = (name, values = {}) =>
  (page.strings?.[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

/** Says when a talk begins in the reader's own time: the day too unless that is today. */
function sayClocks() {
  const day = new Intl.DateTimeFormat(root.lang, { day: 'numeric', month: 'short' });
  const clock = new Intl.DateTimeFormat(root.lang, { timeStyle: 'short' });
  for (const time of all('.clock')) {
    const at = new Date(time.dateTime);
    const isToday = at.toDateString() === new Date().toDateString();
    say(time, (isToday ? '' : `${day.format(at)}, `) + clock.format(at));
  }
}
