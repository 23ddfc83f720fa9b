// The moderator's page: three lists, what is on the stage, and every act with an undo for eight seconds.
const talk = page.talk;
const comments = new Map(page.comments.map((comment) => [comment.id, comment]));
const list = one('#list');
const rows = new Map();
const isStill = matchMedia('(prefers-reduced-motion: reduce)');
let shownList = 'waiting';
let selected;
let heldUntil = 0;
/** Until when whoever wrote a comment is blocked. */
const blocked = new Map();

const counted = (name, n) => word(`${name}_${n === 1 ? 'one' : 'other'}`, { n });
const inList = (name) => [...comments.values()].filter((comment) => comment.state === name);
const onStage = () => [...comments.values()].find((comment) => comment.stage === 'now');
const rank = (comment) => (comment.stage === 'answered' ? 2 : comment.pinned ? 0 : 1);
const orders = {
  waiting: (a, b) => a.id - b.id,
  shown: (a, b) => rank(a) - rank(b) || b.votes - a.votes || b.id - a.id,
  hidden: (a, b) => b.id - a.id,
};
const order = () => inList(shownList).sort(orders[shownList]);

// What is asked of the server, and what it answers.

async function ask(method, path, body) {
  const answer = await fetch(page.root + path, {
    method, headers: body && { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body),
  });
  if (answer.status === 401 || answer.status === 403) location.reload();
  const value = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(typeof value.detail === 'string' ? value.detail : word('failed'));
  return value;
}

async function setState(id, update) {
  put(await ask('PUT', `/comments/${id}/state`, update));
}

function put(comment) {
  const before = comments.get(comment.id);
  // Only one is on the stage: what was there is next, as on the server.
  if (comment.stage === 'now' && before?.stage !== 'now') {
    for (const other of comments.values()) if (other.stage === 'now' && other.id !== comment.id) other.stage = 'queued';
  }
  comments.set(comment.id, comment);
}

// Acts.

const flip = (comment, stage) => ({ stage: comment.stage === stage ? 'none' : stage });
/** What each act changes, and what is said of it: done, and taken away again. */
const acts = {
  a: [() => ({ state: 'shown' }), 'did_approve'],
  h: [() => ({ state: 'hidden' }), 'did_hide'],
  n: [(comment) => flip(comment, 'now'), 'did_now', 'did_off'],
  s: [(comment) => flip(comment, 'queued'), 'did_star', 'did_unstar'],
  d: [(comment) => flip(comment, 'answered'), 'did_answered', 'did_unanswered'],
  p: [(comment) => ({ pinned: !comment.pinned }), 'did_pin', 'did_unpin'],
};
const isOffered = (act, comment) => {
  switch (act) {
    case 'a': return comment.state !== 'shown';
    case 'h': return comment.state !== 'hidden';
    case 'x': return comment.state === 'hidden';
    case 'b': return true;
    // A longer one may have come without its end.
    case 'e': return comment.comment_text.length < 4000;
    default: return comment.state === 'shown';
  }
};

let undo;
let goodbye;
/** Says what was done, and how it is undone for eight seconds; with the comment that is chosen then. */
function toast(text, undoing, id) {
  undo = undoing && { undoing, id };
  const box = one('.toast');
  say(one('span', box), text);
  show(one('button', box), undoing);
  show(box, true);
  clearTimeout(goodbye);
  goodbye = setTimeout(() => { undo = undefined; show(box, false); }, 8000);
}

/** One after the other: what is taken back is what was asked for last, answered or not. */
let queue = Promise.resolve();
const act = (name, id) => { queue = queue.then(() => perform(name, id)); };
const takeBack = () => { queue = queue.then(undoLast); };

async function perform(name, id) {
  const comment = comments.get(id);
  if (!comment || !isOffered(name, comment)) return;
  if (name === 'r' || name === 'e') return write(name, comment);
  const place = order().indexOf(comment);
  try {
    if (name === 'b') await block(comment);
    else if (name === 'x') remove(comment);
    else await decide(comment, ...acts[name]);
  } catch (error) {
    toast(error.message);
  }
  const now = order();
  if (!now.includes(comments.get(selected))) selected = (now[place] ?? now[place - 1] ?? now[0])?.id;
  draw(true);
}

async function decide(comment, change, done, undone) {
  const { id, state, stage, pinned, answer } = comment;
  const before = onStage();
  const update = change(comment);
  await setState(id, update);
  toast(word(update.stage === 'none' || update.pinned === false ? undone : done), async () => {
    await setState(id, { state, stage: state === 'shown' ? stage : 'none', pinned, answer: answer ?? '' });
    if (before && before.id !== id) await setState(before.id, { stage: 'now' });
  }, id);
}

const isBlocked = (id) => blocked.get(id) > Date.now();

/** Blocks whoever wrote a comment for ten minutes, or lets them in again. */
async function block({ id }) {
  if (isBlocked(id)) {
    await ask('DELETE', `/comments/${id}/block`);
    blocked.delete(id);
    return toast(word('did_unblock'), undefined, id);
  }
  const { until } = await ask('PUT', `/comments/${id}/block`, {});
  blocked.set(id, Date.parse(until));
  toast(word('did_block', { time: clock.format(new Date(until)) }), async () => {
    await ask('DELETE', `/comments/${id}/block`);
    blocked.delete(id);
  }, id);
}

/** Deletes when it can be undone no more, or when the page goes. */
const removals = new Map();
function remove(comment) {
  const { id } = comment;
  comments.delete(id);
  const last = () => fetch(`${page.root}/comments/${id}`, { method: 'DELETE', keepalive: true });
  removals.set(id, { last, timer: setTimeout(() => { removals.delete(id); last(); }, 8000) });
  toast(word('did_delete'), async () => {
    clearTimeout(removals.get(id)?.timer);
    removals.delete(id);
    comments.set(id, comment);
  }, id);
}
addEventListener('pagehide', () => {
  for (const { timer, last } of removals.values()) { clearTimeout(timer); last(); }
  removals.clear();
});

async function undoLast() {
  const [last, chosen] = [undo, selected];
  undo = undefined;
  show(one('.toast'), false);
  try { await last?.undoing(); } catch (error) { toast(error.message); }
  // Unless another one was chosen meanwhile.
  if (selected === chosen && order().includes(comments.get(last?.id))) selected = last.id;
  draw(true);
}

/** A box under a comment for its answer or its text. */
function write(name, comment) {
  one('.q .write')?.remove();
  const form = one('#write').content.firstElementChild.cloneNode(true);
  const text = form.elements.text;
  const before = { r: comment.answer ?? '', e: comment.comment_text }[name];
  say(one('label span', form), word(name === 'r' ? 'write_answer' : 'write_text'));
  text.value = before;
  const send = name === 'r'
    ? (value) => setState(comment.id, { answer: value })
    : (value) => ask('PUT', `/comments/${comment.id}`, { comment_text: value }).then(() => { comments.get(comment.id).comment_text = value; });
  const save = async (value) => {
    try {
      await send(value);
      form.remove();
      toast(word(name === 'r' ? 'did_write' : 'did_edit'), () => send(before), comment.id);
    } catch (error) { toast(error.message); }
    draw(true);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const value = text.value.trim();
    if (value || name === 'r') queue = queue.then(() => save(value));
  });
  form.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') form.remove();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  one('.cancel', form).addEventListener('click', () => form.remove());
  rows.get(comment.id)?.firstElementChild.append(form);
  text.focus();
}

// What is shown.

const clock = new Intl.DateTimeFormat(root.lang, { hour: '2-digit', minute: '2-digit' });
const age = (comment) => {
  const minutes = Math.floor((Date.now() - Date.parse(comment.created_at)) / 60000);
  return minutes < 1 ? word('just_now') : minutes < 60 ? word('minutes', { n: minutes }) : clock.format(new Date(comment.created_at));
};
const mark = (comment) => [
  comment.pinned && word('mark_pinned'), comment.stage === 'now' && word('mark_now'),
  comment.stage === 'queued' && word('mark_queued'), comment.stage === 'answered' && word('mark_answered'),
  isBlocked(comment.id) && word('mark_blocked'),
].filter(Boolean).join(' · ');

function fill(node, comment) {
  node.dataset.id = comment.id;
  say(one('.text', node), comment.comment_text);
  say(one('.votes b', node), String(comment.votes));
  say(one('.who', node), comment.name ?? '');
  say(one('time', node), age(comment));
  say(one('.mark', node), mark(comment));
  const answer = one('.answer', node);
  if (answer) { show(answer, comment.answer); say(one('span', answer), comment.answer ?? ''); }
  return node;
}

function row(comment) {
  let node = rows.get(comment.id);
  if (!node) {
    node = one('#row').content.firstElementChild.cloneNode(true);
    rows.set(comment.id, node);
  }
  fill(node, comment);
  node.className = `q ${comment.state}${comment.stage === 'answered' ? ' answered' : ''}${selected === comment.id ? ' sel' : ''}`;
  for (const button of all('.acts [data-act]', node)) show(button, isOffered(button.dataset.act, comment));
  const pressed = { n: comment.stage === 'now', s: comment.stage === 'queued', d: comment.stage === 'answered', p: comment.pinned, b: isBlocked(comment.id) };
  for (const [name, isOn] of Object.entries(pressed)) one(`[data-act=${name}]`, node).ariaPressed = isOn;
  return node;
}

/** The list stays as it is under a pointer and for three seconds after, and while something is written in it. */
const isHeld = () => Date.now() < heldUntil || one('.write', list) || (matchMedia('(hover: hover)').matches && list.matches(':hover'));
for (const name of ['pointerdown', 'pointermove']) list.addEventListener(name, () => { heldUntil = Date.now() + 3000; });
setInterval(() => { if (!one('.pill').hidden && !isHeld()) draw(); }, 1000);

function place(isForced) {
  const wanted = order();
  const ids = wanted.map((comment) => String(comment.id));
  const present = [...list.children].map((node) => node.dataset.id);
  const fresh = ids.filter((id) => !present.includes(id)).length;
  for (const [id, node] of rows) {
    const comment = comments.get(id);
    if (!comment) { if (!isHeld() || isForced) rows.delete(id); continue; }
    if (node.isConnected) row(comment);
  }
  show(one('.none'), !ids.length);
  const isSame = ids.join() === present.join();
  if (!isSame && !isForced && present.length && isHeld()) {
    say(one('.pill'), [fresh && counted('new', fresh), word('changed')].filter(Boolean).join(' · '));
    show(one('.pill'), true);
    return;
  }
  show(one('.pill'), false);
  if (isSame) return;
  const tops = new Map([...list.children].map((node) => [node, node.getBoundingClientRect().top]));
  const focused = document.activeElement;
  list.replaceChildren(...wanted.map(row));
  if (list.contains(focused)) focused.focus({ preventScroll: true });
  if (!tops.size || isStill.matches) return;
  for (const node of list.children) {
    const moved = tops.has(node) ? tops.get(node) - node.getBoundingClientRect().top : undefined;
    if (moved) node.animate({ transform: [`translateY(${moved}px)`, 'none'] }, { duration: 320, easing: 'ease-out' });
    else if (moved === undefined) node.animate({ opacity: [0, 1] }, 400);
  }
}

function draw(isForced) {
  if (!comments.has(selected)) selected = order()[0]?.id;
  place(isForced);
  const now = onStage();
  show(one('.now'), now);
  if (now) fill(one('.now .q'), now);
  one('#queue').replaceChildren(...[...comments.values()].filter((comment) => comment.stage === 'queued').sort(orders.shown).map((comment) => {
    const [item, button] = [document.createElement('li'), document.createElement('button')];
    Object.assign(button, { type: 'button', dir: 'auto', textContent: comment.comment_text });
    button.addEventListener('click', () => { choose('shown'); select(comment.id); });
    item.append(button);
    return item;
  }));
  for (const button of all('[data-list]')) say(one('b', button), String(counts[button.dataset.list]()));
  say(one('.counts'), [
    counted('questions', counts.shown()),
    word('waiting_count', { n: counts.waiting() }), word('hidden_count', { n: counts.hidden() }),
    ...(talk.state === 'closed' ? [word('closed_mark')] : []),
  ].join(' · '));
  say(one('h1'), talk.title);
  show(one('.older'), counts[shownList]() > inList(shownList).length);
}

/** What the talk counts beyond the comments that are here. */
const beyond = { shown: 0, waiting: 0, hidden: 0 };
const counts = {
  shown: () => inList('shown').length + beyond.shown,
  waiting: () => inList('waiting').length + beyond.waiting,
  hidden: () => inList('hidden').length + beyond.hidden,
};
function settle() {
  const total = { shown: talk.comments, waiting: talk.waiting, hidden: talk.hidden };
  for (const name of Object.keys(beyond)) {
    const removed = name === 'hidden' ? removals.size : 0;
    beyond[name] = Math.max(0, total[name] - inList(name).length - removed);
  }
}

/** More of a list that is longer than what the page came with. */
async function load() {
  const name = shownList;
  const sort = { waiting: 'id', shown: 'top', hidden: 'newest' }[name];
  const offset = name === 'shown' ? Math.max(0, inList(name).length - 50) : inList(name).length;
  try {
    const more = await ask('GET', `/talks/${talk.id}/comments?state=${name}&sort=${sort}&offset=${offset}&limit=100`);
    for (const comment of more) if (!removals.has(comment.id)) comments.set(comment.id, comment);
    Object.assign(talk, await ask('GET', `/talks/${talk.id}`));
    settle();
  } catch (error) { toast(error.message); }
  draw(true);
}

function choose(name) {
  shownList = name;
  for (const button of all('[data-list]')) button.ariaPressed = button.dataset.list === name;
  selected = order()[0]?.id;
  draw(true);
}

function select(id) {
  selected = id;
  draw(true);
  rows.get(id)?.scrollIntoView({ block: 'nearest' });
  rows.get(id)?.focus({ preventScroll: true });
}

// What the feed brings.

function change(event) {
  const { kind, comment, id } = event;
  if (comment && !removals.has(comment.id)) {
    const isNew = kind === 'created' && !comments.has(comment.id);
    put(comment);
    if (isNew) unseen += 1;
  } else if (kind === 'voted' && comments.has(id)) comments.get(id).votes = event.votes;
  else if (kind === 'deleted') comments.delete(id);
  if (event.talk) { Object.assign(talk, event.talk); settle(); }
  draw();
}

// Pointer and keys.

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  const id = Number(event.target.closest('.q')?.dataset.id);
  if (event.target.closest('#list .q')) { selected = id; if (!button) draw(); }
  if (!button) return;
  if (button.dataset.list) choose(button.dataset.list);
  else if (button.dataset.act === 'z') takeBack();
  else if (button.dataset.act) act(button.dataset.act, id);
  else if (button.matches('.pill')) { draw(true); scrollTo(0, 0); }
  else if (button.matches('.older')) load();
});

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, [popover]')) return;
  const key = event.key.toLowerCase();
  const steps = { j: 1, k: -1 }[key];
  const tab = ['waiting', 'shown', 'hidden'][key - 1];
  if (steps) {
    const now = order();
    const next = now[now.findIndex((comment) => comment.id === selected) + steps];
    if (next) select(next.id);
  } else if (tab) choose(tab);
  else if (key === 'z') takeBack();
  else if (key === '?') one('#help').togglePopover();
  else if (key in acts || 'rebx'.includes(key)) act(key, selected);
  else return;
  event.preventDefault();
});

// The talk's own settings.

const drawer = one('#talk');
const form = one('.settings', drawer);
drawer.addEventListener('toggle', async (event) => {
  if (event.newState !== 'open') return;
  const { title, speaker, starts_at: start, state, moderation } = talk;
  const local = start && new Date(Date.parse(start) - new Date(start).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  for (const [name, value] of Object.entries({ title, speaker, state, moderation, starts_at: local })) form.elements[name].value = value ?? '';
  try {
    const { words } = await ask('GET', `/talks/${talk.id}/words`);
    form.elements.words.value = words.join('\n');
  } catch (error) { say(one('.bad', form), error.message); }
});
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const value = (name) => form.elements[name].value.trim();
  try {
    await ask('PUT', `/talks/${talk.id}/words`, { words: value('words').split(/\s+/).filter(Boolean) });
    Object.assign(talk, await ask('PUT', `/talks/${talk.id}`, {
      title: value('title'), speaker: value('speaker') || undefined, state: value('state'), moderation: value('moderation'),
      starts_at: value('starts_at') ? new Date(value('starts_at')).toISOString() : undefined,
    }));
    say(one('.bad', form), '');
    drawer.hidePopover();
    toast(word('did_save'));
    draw();
  } catch (error) { say(one('.bad', form), error.message); }
});

let unseen = 0;
/** A screen reader is told of new questions at most every ten seconds. */
setInterval(() => {
  if (unseen) say(one('#log'), counted('news', unseen));
  unseen = 0;
}, 10000);

one('.delete-talk', drawer).addEventListener('click', async () => {
  if (!confirm(word('delete_sure', { title: talk.title }))) return;
  try {
    await ask('DELETE', `/talks/${talk.id}`);
    location.assign(`${page.root}/live`);
  } catch (error) { say(one('.bad', form), error.message); }
});

settle();
selected = order()[0]?.id;
if (!inList('waiting').length) choose('shown');
draw(true);
setInterval(draw, 30000);
follow({
  talk: talk.id, position: page.position, root: page.root, role: 'moderator', onEvent: change,
  onState: sayState, onReset: () => location.reload(),
});
