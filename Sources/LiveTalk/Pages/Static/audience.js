// The audience's page. The server has made it; from here on changes come over the feed and acts go to the same address as the forms.
// A row's comment is what the row says: there is no second list of them.
const list = one('#list'), stage = one('#stage'), ask = one('.ask'), box = one('#text'), pill = one('.pill'), toast = one('.toast');
const calm = matchMedia('(prefers-reduced-motion)'), hovers = matchMedia('(hover: hover)');
const storeName = `draft ${location.pathname}`;
/** By how much this device's clock is behind the server's, in milliseconds. */
const behind = page.now - Date.now();
const now = () => Date.now() + behind;
const counted = (name, n) => word(`${name}_${n === 1 ? 'one' : 'other'}`, { n });

// MARK: Comments

/** Comments by their id, with the row of each. */
const comments = new Map();

/** What the server has written into a row. */
function read(row) {
  const vote = one('.vote', row);
  return {
    id: Number(row.dataset.id), text: (one('.text', row) ?? one('textarea', row)).textContent.trim(), name: one('.who', row).textContent,
    at: Date.parse(one('time', row).dateTime), votes: Number(one('b', vote).textContent),
    stage: row.dataset.stage, pinned: 'pinned' in row.dataset, isOwn: 'own' in row.dataset,
    isWaiting: row.classList.contains('waiting'), isVoted: vote.getAttribute('aria-pressed') === 'true',
    answer: one('.answer span', row)?.textContent ?? '', row,
  };
}

/** Takes what the feed or an answer says of a comment. */
function take(told, isOwn = false) {
  const known = comments.get(told.id);
  const comment = known ?? { id: told.id, isVoted: false, isOwn, row: one('#row').content.firstElementChild.cloneNode(true) };
  Object.assign(comment, {
    text: told.comment_text, name: told.name ?? '', at: Date.parse(told.created_at), votes: told.votes,
    stage: told.stage, pinned: told.pinned, isWaiting: told.state === 'waiting', answer: told.answer ?? '',
    isOwn: comment.isOwn || isOwn,
  });
  comments.set(told.id, comment);
  return comment;
}

function marks(comment) {
  if (comment.isWaiting) return word('mark_waiting');
  if (comment.stage === 'answered') return word('mark_answered');
  return [
    comment.isOwn && word('mark_own'), comment.pinned && word('mark_pinned'),
    comment.stage === 'queued' && word('mark_queued'),
  ].filter(Boolean).join(' · ');
}

function ago(at) {
  const minutes = Math.max(0, Math.floor((now() - at) / 6e4));
  if (minutes < 1) return word('just_now');
  if (minutes < 60) return word('minutes', { n: minutes });
  return minutes < 1440 ? word('hours', { n: Math.floor(minutes / 60) }) : word('days', { n: Math.floor(minutes / 1440) });
}

/** How many seconds an author still has. */
const left = comment => comment.isOwn ? page.editSeconds - (now() - comment.at) / 1e3 : 0;

/** Writes a comment into its row: as text, always. */
function fill(comment) {
  const { row } = comment, seconds = Math.floor(left(comment)), vote = one('.vote', row);
  row.id = `c${comment.id}`;
  row.dataset.id = comment.id;
  row.classList.toggle('waiting', comment.isWaiting);
  row.classList.toggle('answered', comment.stage === 'answered');
  if (!one('.change', row)) say(one('.text', row), comment.text);
  say(one('.mark', row), marks(comment));
  say(one('.who', row), comment.isOwn ? '' : comment.name);
  const time = one('time', row);
  time.dateTime = new Date(comment.at).toISOString();
  say(time, ago(comment.at));
  part(row, '.answer', comment.answer);
  say(one('.answer span', row), comment.answer);
  part(row, '.own', seconds > 0);
  say(one('.left', row), word('left', { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, 0)}` }));
  const remove = one('.own button', row);
  if (remove) remove.value = comment.id;
  say(one('b', vote), String(comment.votes));
  vote.value = comment.id;
  vote.name = comment.isVoted ? 'unvote' : 'vote';
  vote.ariaPressed = comment.isVoted;
  vote.ariaLabel = word('vote_label', { n: comment.votes });
  vote.disabled = !page.isOpen || comment.isWaiting || comment.stage === 'answered';
  return row;
}

/** A part that the server leaves out where it has nothing to say is taken from the template once it has. */
function part(row, selector, isWanted) {
  const there = one(selector, row);
  if (there) show(there, isWanted);
  else if (isWanted) {
    const made = one(selector, one('#row').content).cloneNode(true);
    const before = selector === '.answer' && one('.own', row);
    if (before) before.before(made);
    else row.firstElementChild.append(made);
  }
}

// MARK: The list

const rank = comment => comment.stage === 'answered' ? 4
  : comment.isWaiting ? 0 : comment.pinned ? 1 : left(comment) > 0 ? 2 : 3;

function order() {
  const isTop = page.sort === 'top';
  return [...comments.values()].filter(comment => comment.stage !== 'now' || comment.isWaiting)
    .sort((a, b) => rank(a) - rank(b) || (isTop && rank(a) !== 2 ? b.votes - a.votes : 0) || b.id - a.id);
}

const leastVotes = () => Math.min(...[...comments.values()].filter(comment => rank(comment) === 3).map(({ votes }) => votes));
/** Whether the list lacks something that only a reload brings. */
let isOutdated = false;
/** Rows that have been on the page. */
const seen = new WeakSet(all('.q'));
let heldUntil = 0, announcedAt = 0, unseen = 0;
/** The list holds still under a pointer or the focus, and for three seconds after. */
const isHeld = () => Date.now() < heldUntil || one(':focus-visible', list) || hovers.matches && list.matches(':hover');
for (const event of ['pointerdown', 'pointermove', 'focusin', 'touchmove']) {
  list.addEventListener(event, () => { heldUntil = Date.now() + 3e3; }, { passive: true });
}

/** Puts the rows where they belong, or says behind a pill that they are elsewhere. */
function place(isForced = false) {
  const wanted = order().map(fill), present = [...list.children];
  const fresh = wanted.filter(row => !seen.has(row)).length;
  const isSame = wanted.length === present.length && wanted.every((row, index) => row === present[index]);
  const isGone = present.some(row => !wanted.includes(row));
  show(one('.none'), wanted.length === 0);
  if (!isSame && !isForced && present.length > 0 && isHeld()) {
    // What was taken away goes at once; the rest waits.
    if (isGone) for (const row of present) if (!wanted.includes(row)) row.remove();
    if (fresh === 0 && wanted.every((row, index) => row === list.children[index])) return show(pill, isOutdated);
    say(pill, [fresh && counted('new', fresh), word('changed')].filter(Boolean).join(' · '));
    return show(pill, true);
  }
  show(pill, isOutdated);
  if (isOutdated) say(pill, word('changed'));
  if (isSame) return;
  const before = new Map(present.map(row => [row, row.getBoundingClientRect().top]));
  const focused = document.activeElement;
  list.replaceChildren(...wanted);
  for (const row of wanted) seen.add(row);
  if (focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
  if (calm.matches || present.length === 0 && fresh > 1) return;
  for (const row of wanted) {
    if (!before.has(row)) row.animate({ opacity: [0, 1] }, 400);
    else {
      const moved = before.get(row) - row.getBoundingClientRect().top;
      if (moved) row.animate({ transform: [`translateY(${moved}px)`, 'none'] }, { duration: 320, easing: 'ease-out' });
    }
  }
}

/** What is on the stage stands above, and not in the list. */
function placeStage() {
  const comment = [...comments.values()].find(({ stage, isWaiting }) => stage === 'now' && !isWaiting);
  const rows = comment ? [fill(comment)] : [];
  if (stage.firstElementChild !== (rows[0] ?? null)) {
    stage.replaceChildren(...rows);
    if (comment) seen.add(comment.row);
    if (comment && !calm.matches) comment.row.animate({ opacity: [0, 1] }, 400);
  }
  show(one('.now'), comment);
}

function sayCounts() {
  const { shown, waiting, hidden } = page.counts;
  say(one('.counts'), [
    counted('questions', shown), word('waiting_count', { n: waiting }), word('hidden_count', { n: hidden }),
  ].map(part => part.replace(/ /g, '\u00a0')).join(' · '));
}

let isDrawing = false, isForced = false;
/** Draws what has changed, once for all that comes together. */
function draw(force = false) {
  isForced ||= force;
  if (isDrawing) return;
  isDrawing = true;
  // A page that is hidden draws nothing by frames.
  (document.hidden ? setTimeout : requestAnimationFrame)(() => {
    isDrawing = false;
    placeStage();
    place(isForced);
    isForced = false;
    sayCounts();
    announce();
  });
}

/** A screen reader is told of new questions at most every ten seconds. */
function announce() {
  if (!unseen || Date.now() - announcedAt < 1e4) return;
  announcedAt = Date.now();
  say(one('#log'), counted('news', unseen));
  unseen = 0;
}

// MARK: What the feed tells

const counts = { created: 1, restored: 1, deleted: -1, hidden: -1 };

function hear({ kind, comment: told, id, votes, talk }) {
  if (kind === 'talk') return talk ? hearTalk(talk) : location.reload();
  if (kind === 'voted') {
    const comment = comments.get(id);
    if (comment) comment.votes = votes;
    // One of a later page has overtaken one of this: its text comes with the page.
    else if (page.hasMore && page.sort === 'top' && votes > leastVotes()) isOutdated = true;
  } else if (told) {
    const isNew = !comments.has(told.id);
    // A later page holds a part of the list, in which nothing new belongs.
    if (!isNew || page.isFirst) take(told, isNew && isGuessed(told));
    if (isNew && kind in counts) unseen += 1;
  } else if (!comments.get(id)?.isWaiting) {
    // The author goes on seeing what waits again behind a change of theirs.
    comments.delete(id);
  }
  page.counts.shown += counts[kind] ?? 0;
  draw();
}

/** The feed may tell an author of their comment before the answer does, which then says whether it was this one. */
function isGuessed({ id, comment_text: text }) {
  if (!isSending || text !== tried) return false;
  guessed = id;
  return true;
}

function hearTalk(talk) {
  const isOpen = talk.state === 'open';
  // How many are shown is counted by the changes: those that are caught up with are told with the numbers of now.
  Object.assign(page.counts, { waiting: talk.waiting, hidden: talk.hidden });
  // What is there in one of the two states only, and the texts of a talk, come with the page.
  if (isOpen !== page.isOpen || talk.title !== one('h1').textContent) return reload();
  draw();
}

/** Loads the page anew, not with everybody at once, and takes nobody the box they are writing in. */
function reload() {
  keepDraft();
  const isWriting = document.activeElement === box && box.value.trim();
  if (isWriting) box.addEventListener('blur', () => location.reload(), { once: true });
  else setTimeout(() => location.reload(), Math.random() * 2e3);
}

// MARK: Acts

/** Sends one act at a time: the first answer may bring the cookie by which the next is known. */
let queue = Promise.resolve();
function send(fields) {
  const sent = queue.then(async () => {
    const answer = await fetch(location.pathname, {
      method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(fields),
      keepalive: true, signal: AbortSignal.timeout?.(15e3),
    });
    if (answer.ok) return answer.json();
    throw new Refusal(answer.status);
  });
  queue = sent.catch(() => {});
  return sent;
}

/** The server has said no, and will say it again. */
class Refusal extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }

  get text() {
    return word({
      403: 'error_blocked', 404: 'error_gone', 409: 'error_closed', 422: 'error_long', 429: 'error_fast',
    }[this.status] ?? 'error_server');
  }
}

async function vote(comment) {
  // At once, and put right by the answer.
  const isGiven = !comment.isVoted;
  comment.isVoted = isGiven;
  comment.votes += isGiven ? 1 : -1;
  fill(comment);
  try {
    const { votes } = await send({ [isGiven ? 'vote' : 'unvote']: comment.id });
    comment.votes = votes;
  } catch (error) {
    comment.isVoted = !isGiven;
    comment.votes += isGiven ? -1 : 1;
    notify(error instanceof Refusal ? error.text : word('failed'));
  }
  draw();
}

// MARK: The box

/** The comment that is being changed; whether a text is on its way, and whether one waits for the connection. */
let edited, isSending = false, isWanted = false, tried, guessed;
const hintNode = one('#hint span');

function hint(text, kind = '') {
  hintNode.className = kind;
  say(hintNode, text);
}

/** A text that is sent again has the key that it had: it may have arrived. Another text has another key. */
function renewKey() {
  ask.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, 0)).join('');
  tried = undefined;
}

function keepDraft() {
  if (!box || edited) return;
  const { text, name, key } = ask.elements;
  if (text.value) sessionStorage.setItem(storeName, JSON.stringify({ text: text.value, name: name.value, key: key.value, tried }));
  else sessionStorage.removeItem(storeName);
}

function restoreDraft() {
  const kept = JSON.parse(sessionStorage.getItem(storeName) ?? 'null'), { name, key } = ask.elements;
  name.value ||= kept?.name ?? localStorage.getItem('name') ?? '';
  if (kept && !box.value) {
    [box.value, key.value, tried] = [kept.text, kept.key, kept.tried];
  }
  typed();
}

function typed() {
  ask.classList.toggle('full', box.value !== '');
  say(one('.count'), String(box.maxLength - box.value.length));
  one('.main', ask).disabled = box.value.trim() === '';
}

/** What is being changed is marked in the list, and the box has a way out of it. */
function setEdited(comment) {
  edited?.row.classList.remove('edited');
  edited = comment;
  comment?.row.classList.add('edited');
  ask.classList.toggle('editing', !!comment);
  show(one('.leave', ask), comment);
}

/** Empties the box for the next text. */
function clear() {
  const wasEdit = edited;
  setEdited();
  isWanted = false;
  box.value = '';
  say(one('.main', ask), word('send'));
  hint(page.hint);
  if (wasEdit) return restoreDraft();
  renewKey();
  keepDraft();
  typed();
}

/** Sends what stands in the box; without a connection it stays there and is sent once there is one. */
async function post() {
  const text = box.value.trim(), target = edited, { name, key } = ask.elements;
  if (!text || isSending) return;
  if (tried !== undefined && tried !== text) renewKey();
  if (!target) tried = text;
  isSending = true;
  hint(word('sending'));
  try {
    const fields = target ? { edit: target.id, text } : { text, name: name.value, key: key.value };
    const { comment } = await send(fields);
    if (name.value) localStorage.setItem('name', name.value);
    if (guessed !== undefined && guessed !== comment.id) comments.get(guessed).isOwn = false;
    guessed = undefined;
    const { row } = take(comment, true);
    clear();
    draw(true);
    // Behind the drawing.
    setTimeout(() => row.scrollIntoView({ block: 'nearest', behavior: calm.matches ? 'auto' : 'smooth' }), 100);
  } catch (error) {
    isWanted = !(error instanceof Refusal);
    if (isWanted) hint(word('later'), 'mark');
    else hint(target && error.status === 403 ? word('error_late') : error.text, 'bad');
    keepDraft();
    if (isWanted) setTimeout(sendWanted, 2e3);
  } finally {
    isSending = false;
  }
}

function sendWanted() {
  if (isWanted && document.body.dataset.link === 'live') post();
}

function edit(comment) {
  keepDraft();
  setEdited(comment);
  box.value = comment.text;
  say(one('.main', ask), word('save'));
  hint(word('edit_hint'));
  typed();
  box.focus();
}

// MARK: The toast

let toastTimer, undo, finish;

/** Says something for a while, with a way back where there is one. */
function notify(text, back, end) {
  finish?.();
  clearTimeout(toastTimer);
  [undo, finish] = [back, end];
  say(one('span', toast), text);
  say(one('button', toast), word('undo'));
  show(one('button', toast), back);
  show(toast, true);
  toastTimer = setTimeout(hideToast, back ? 6e3 : 4e3);
}

function hideToast() {
  clearTimeout(toastTimer);
  show(toast, false);
  const end = finish;
  undo = finish = undefined;
  end?.();
}

/** A deleted comment goes from the page at once and from the server when nobody has wanted it back. */
function remove(comment) {
  comments.delete(comment.id);
  draw(true);
  notify(word('deleted'), () => {
    finish = undefined;
    comments.set(comment.id, comment);
    draw(true);
  }, async () => {
    try {
      await send({ delete: comment.id });
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return;
      comments.set(comment.id, comment);
      draw();
      notify(error instanceof Refusal && error.status === 403 ? word('error_late') : word('failed'));
    }
  });
}

// MARK: Hands and keys

document.addEventListener('click', event => {
  const target = event.target.closest('button, a');
  if (!target) return;
  const comment = comments.get(Number(target.closest('.q')?.dataset.id));
  if (target === pill) {
    if (isOutdated) return location.reload();
    draw(true);
    const quiet = calm.matches ? 'auto' : 'smooth';
    return scrollTo({ top: Math.max(0, list.getBoundingClientRect().top + scrollY - 120), behavior: quiet });
  }
  if (target.parentNode === toast) {
    undo?.();
    return hideToast();
  }
  if (target.matches('.leave')) {
    const { row } = edited;
    clear();
    return one('.own a', row)?.focus();
  }
  if (target.matches('.tabs a')) return sort(event, target);
  if (!comment || one('.change', comment.row)) return;
  if (target.matches('.vote')) vote(comment);
  else if (target.matches('.own a')) edit(comment);
  else if (target.matches('.own button')) remove(comment);
  else return;
  event.preventDefault();
});

/** A list that is whole is sorted here; of a longer one the server has the other order. */
function sort(event, tab) {
  if (page.hasMore || !page.isFirst || event.ctrlKey || event.metaKey || event.shiftKey) return keepDraft();
  event.preventDefault();
  page.sort = tab.dataset.sort;
  for (const other of all('.tabs a')) {
    if (other === tab) other.setAttribute('aria-current', 'true');
    else other.removeAttribute('aria-current');
  }
  history.replaceState(null, '', tab.href);
  draw(true);
}

document.addEventListener('keydown', event => {
  const name = event.key.toLowerCase(), isCommand = event.ctrlKey || event.metaKey;
  if (name === 'enter' && isCommand && document.activeElement === box) return ask.requestSubmit();
  if (name === 'escape' && edited) return clear();
  if (isCommand || event.altKey || event.target.matches('input, textarea')) return;
  if (name === '/' && box) {
    event.preventDefault();
    box.focus();
  }
  if (name === 'j' || name === 'k') {
    const rows = all('.q'), from = rows.indexOf(document.activeElement.closest('.q'));
    const row = rows[from < 0 ? 0 : from + (name === 'j' ? 1 : -1)];
    one('.vote:enabled, .own a, .own button', row ?? root)?.focus();
  }
});

if (ask) {
  ask.addEventListener('submit', event => {
    event.preventDefault();
    post();
  });
  ask.addEventListener('input', () => {
    typed();
    keepDraft();
  });
  restoreDraft();
}

// MARK: The start

for (const row of all('.q')) comments.set(Number(row.dataset.id), read(row));
let seconds = 0;
setInterval(() => {
  if (document.hidden) return;
  seconds += 1;
  // An author's time runs by the second, all others by the minute.
  for (const comment of comments.values()) {
    if (comment.isOwn && left(comment) > -2 || seconds % 20 === 0) fill(comment);
  }
  announce();
}, 1e3);
sayClocks();
addEventListener('pagehide', () => {
  keepDraft();
  hideToast();
});
draw();
follow({
  talk: page.talk, position: page.position, root: page.root, onEvent: hear, onReset: reload,
  onState(state) {
    sayState(state);
    if (state === 'live') sendWanted();
  },
});
