// Asks for the page anew while somebody looks at it, and takes over the parts that have changed: nothing is in it that the server has not
// written, so it comes as a document and not as a text. What has the focus or the pointer holds still.
const EVERY = 2e3, LATE = 10e3;
let tag, timer, lostAt;

function refresh() {
  clearTimeout(timer);
  if (document.hidden) return;
  const ask = new XMLHttpRequest();
  ask.open('GET', location.href);
  ask.responseType = 'document';
  ask.timeout = LATE;
  if (tag) ask.setRequestHeader('If-None-Match', tag);
  ask.onload = () => {
    if (ask.status === 200) take(ask.response, ask.getResponseHeader('ETag'));
    later(ask.status === 200 || ask.status === 304);
  };
  ask.onerror = ask.ontimeout = () => later(false);
  ask.send();
}

function later(isThere) {
  lostAt = isThere ? undefined : lostAt ?? Date.now();
  document.body.dataset.link = isThere ? 'live' : Date.now() - lostAt > LATE ? 'offline' : 'reconnecting';
  say(one('.state'), word(document.body.dataset.link));
  timer = setTimeout(refresh, isThere ? EVERY : 2 * EVERY);
}

function take(next, nextTag) {
  // The session is over: the login stands there.
  if (!one('[data-live]', next)) return location.reload();
  let isWhole = true;
  // Both say them as of now, so that they compare.
  sayTimes();
  sayTimes(next);
  for (const part of all('[data-live]')) {
    const other = one(`[data-live=${part.dataset.live}]`, next);
    if (!other || part.isEqualNode(other)) continue;
    if (part.matches(':hover, :focus-within')) isWhole = false;
    else part.replaceWith(document.adoptNode(other));
  }
  tag = isWhole ? nextTag : undefined;
}

const span = (seconds) => seconds < 60 ? word('seconds', { n: seconds }) : seconds < 3600
  ? word('minutes', { n: Math.floor(seconds / 60) }) : word('hours', { n: Math.floor(seconds / 3600) });

/** Says how soon and for how long. */
function sayTimes(within = document) {
  for (const time of all('time.due, time.since', within)) {
    const seconds = Math.round((new Date(time.dateTime) - Date.now()) / 1000);
    if (time.matches('.since')) say(time, span(Math.max(0, -seconds)));
    else say(time, seconds > 0 ? word('in', { time: span(seconds) }) : word('due'));
  }
}

addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && one('.drawer .close')) one('.drawer .close').click();
});
document.addEventListener('visibilitychange', refresh);
setInterval(() => sayTimes(), 1000);
sayTimes();
later(true);
