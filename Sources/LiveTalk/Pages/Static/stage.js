// The stage: what is now, the three with most votes, how to join. It shows what the feed says and takes keys.
const talk = page.talk;
const comments = new Map(page.comments.map((comment) => [comment.id, comment]));
const settings = new URLSearchParams(location.search);
const isOverlay = settings.get('overlay') === '1';
const isStill = matchMedia('(prefers-reduced-motion: reduce)');
const fade = (node) => isStill.matches || node.animate({ opacity: [0, 1] }, 400);
let zoom = Number(settings.get('zoom')) || 1;
/** The question that stays, marked as answered, until another one comes. */
let lastOnStage;

const open = () => [...comments.values()].filter((comment) => comment.stage !== 'answered');
const onStage = () => open().find((comment) => comment.stage === 'now');
const top = () => open().filter((comment) => comment.stage !== 'now')
  .sort((a, b) => b.pinned - a.pinned || b.votes - a.votes || a.id - b.id).slice(0, 3);
/** A client of the API may have posted a book. */
const text = (comment) => comment?.comment_text.slice(0, 1000) ?? '';
const latest = () => [...comments.values()].reduce((a, b) => (b.id > (a?.id ?? 0) ? b : a), undefined);

/** What is chosen by a key or in the address; else what suits: the question on the stage, the list, or how to join. */
function layout() {
  const wanted = settings.get('layout') ?? (onStage() || isAnswered() ? 'now' : open().length ? 'top' : 'join');
  // A list of nothing would be an empty picture.
  return wanted === 'top' && top().length === 0 ? 'now' : wanted;
}
const isAnswered = () => lastOnStage && comments.get(lastOnStage)?.stage === 'answered';

/** As large as it fits, between two sizes in em. */
function fit(node, most, least, isOver) {
  let [low, high] = [Math.round(least * 20), Math.round(most * 20)];
  const set = (size) => { node.style.fontSize = `${size / 20}em`; };
  set(high);
  if (!isOver()) return;
  while (low < high - 1) {
    const middle = (low + high) >> 1;
    set(middle);
    if (isOver()) high = middle; else low = middle;
  }
  set(low);
}

/** Whether a row's text has more lines than are shown, or no air above and below; letters of some fonts are higher than a line. */
const isTight = (text) => text.scrollHeight > text.clientHeight * 1.2 || text.offsetHeight > text.parentNode.clientHeight * .88;

function fitOne() {
  const [article, words] = [one('.one'), one('.one .text')];
  const room = isOverlay ? innerHeight * .62 : one('main').clientHeight;
  const height = () => article.firstElementChild.offsetHeight + article.lastElementChild.offsetHeight;
  const gap = parseFloat(getComputedStyle(article).rowGap) || 0;
  words.classList.remove('cut');
  fit(words, isOverlay ? 1.8 : 3.2, 1.15, () => height() + gap > (isOverlay ? innerHeight * .3 : room));
  // What is too long for the smallest size ends with three dots.
  const isLong = height() + gap > room;
  words.classList.toggle('cut', isLong);
  const line = parseFloat(getComputedStyle(words).lineHeight);
  words.style.webkitLineClamp = isLong ? Math.max(1, Math.floor((room - gap - article.lastElementChild.offsetHeight) / line)) : '';
}

function draw() {
  const shown = onStage() ?? (isAnswered() ? comments.get(lastOnStage) : undefined);
  const article = one('.one');
  const isOther = (article.dataset.id ?? '') !== String(shown?.id ?? '');
  root.dataset.layout = isOverlay ? 'now' : layout();
  article.dataset.id = shown?.id ?? '';
  article.classList.toggle('idle', !shown);
  say(one('.text', article), shown ? text(shown) : word('idle'));
  say(one('.votes span', article), String(shown?.votes ?? ''));
  say(one('.who', article), shown?.name ?? '');
  say(one('.mark', article), shown?.stage === 'answered' ? word('mark_answered') : '');
  if (isOther) fade(article);
  lastOnStage = shown?.id ?? lastOnStage;
  const rows = top();
  all('.top li').forEach((row, index) => {
    show(row, rows[index]);
    say(one('.votes span', row), String(rows[index]?.votes ?? ''));
    say(one('.text', row), text(rows[index]));
  });
  const newest = text(latest());
  if (one('.tick .text').textContent !== newest) {
    say(one('.tick .text'), newest);
    fade(one('.tick .text'));
  }
  document.body.style.setProperty('--zoom', zoom);
  if (root.dataset.layout === 'now') fitOne();
  fit(one('.top'), 1.8, 1.15, () => all('.top .text').some(isTight));
  const join = one('.join div');
  fit(one('.addr', join), 2.4, 1.15, () => join.scrollHeight > one('main').clientHeight || one('.addr', join).scrollWidth > join.clientWidth);
}

/** The votes that the third has: who is not known here and has fewer changes nothing. */
const needed = () => top()[2]?.votes ?? 0;

async function reload() {
  const list = (sort) => fetch(`${page.root}/talks/${talk.id}/comments?sort=${sort}&limit=50`).then((answer) => answer.json());
  const [best, newest] = await Promise.all([list('top'), list('newest')]);
  for (const comment of [...best, ...newest]) comments.set(comment.id, comment);
  draw();
}

function tell(now) {
  Object.assign(talk, now);
  say(one('.title'), talk.title);
  say(one('.title + .soft'), talk.speaker ?? '');
  say(one('.counts'), [
    word(talk.comments === 1 ? 'questions_one' : 'questions_other', { n: talk.comments }),
    word('waiting_count', { n: talk.waiting }), word('hidden_count', { n: talk.hidden }),
    ...(talk.state === 'closed' ? [word('closed_mark')] : []),
  ].join(' · '));
}

function change(event) {
  const { kind, comment, id } = event;
  if (comment) comments.set(comment.id, comment);
  else if (kind === 'voted' && comments.has(id)) comments.get(id).votes = event.votes;
  else if (kind === 'voted' && event.votes >= needed()) reload().catch(() => {});
  else if (kind === 'hidden' || kind === 'deleted') comments.delete(id);
  // Of all else that moves the numbers the talk's own event tells.
  if (kind === 'created') tell({ comments: talk.comments + 1 });
  if (kind === 'deleted') tell({ comments: talk.comments - 1 });
  if (event.talk) tell(event.talk);
  draw();
}

function choose(name, value) {
  if (value === undefined) settings.delete(name); else settings.set(name, value);
  history.replaceState(null, '', `?${settings}`);
  draw();
}

const keys = {
  1: () => choose('layout', 'now'), 2: () => choose('layout', 'top'), 3: () => choose('layout', 'join'),
  j: () => choose('layout', settings.get('layout') === 'join' ? undefined : 'join'),
  a: () => choose('layout', undefined),
  d: () => {
    root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    choose('theme', root.dataset.theme);
  },
  f: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  '?': () => one('#help').togglePopover(),
  '+': () => enlarge(zoom + .05), '-': () => enlarge(zoom - .05), 0: () => enlarge(1),
};
function enlarge(size) {
  zoom = Math.round(Math.min(1.2, Math.max(.8, size)) * 100) / 100;
  choose('zoom', zoom === 1 ? undefined : zoom);
}
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key.toLowerCase()];
  if (act) { event.preventDefault(); act(); }
});
addEventListener('resize', draw);
document.fonts?.ready.then(draw);
tell(talk);
draw();

/** Follows the feed; behind a position that is gone the lists are read anew, and it is followed from where it stands then. */
function begin(position) {
  follow({
    talk: talk.id, position, root: page.root, onEvent: change,
    onState: sayState,
    onReset: async () => {
      try {
        const [{ epoch, head }] = await (await fetch(`${page.root}/talks/${talk.id}/changes?limit=1`)).json();
        comments.clear();
        await reload();
        begin(`${epoch}-${head}`);
      } catch { setTimeout(() => location.reload(), 2000); }
    },
  });
}
begin(page.position);
