// Follows a talk's feed: over a WebSocket, else as server-sent events, else by polls. Each change comes once and in order, whatever
// happens to the connection: the position that the page came with is gone on from, and a gap is never passed over.
const SILENCE = 35e3, FRESH = 20e3, OPENING = 5e3, SHORTEST = 500, LONGEST = 15e3, GONE = 15e3;

/**
 * @param {{talk: number, position: string, root?: string, role?: string, onEvent: function(object): void,
 *   onReset: function(): void, onState: function(string): void}} options
 */
function follow({ talk, position, root = '', role = 'audience', onEvent, onReset, onState }) {
  let [epoch, last] = [position.slice(0, position.lastIndexOf('-')), Number(position.slice(position.lastIndexOf('-') + 1))];
  let link, timer, heard = 0, failures = 0, kind = 0, state, lostAt = Date.now(), isOpen = false, isOver = false;
  const ways = [socket, stream, poll];
  const address = (what, more = '') => `${root}/talks/${talk}/${what}?after=${epoch}-${last}&role=${role}${more}`;

  function tell(next) {
    if (next !== state) onState(state = next);
  }

  /** Begins anew, now or after a while; what comes of the connection before is not heard any more. */
  function connect(delay = 0) {
    clearTimeout(timer);
    link?.close();
    link = undefined;
    if (isOver) return;
    timer = setTimeout(() => {
      isOpen = false;
      timer = setTimeout(lost, OPENING);
      link = ways[kind]();
    }, delay);
  }

  /** The connection is gone: the server may say how long to stay away, and a growing number with chance in it does else. */
  function lost(reason) {
    if (isOpen) {
      lostAt = Date.now();
      // Whatever has been in the way may be there no longer.
      kind = 0;
    } else {
      tryAnother();
    }
    failures += 1;
    sayLost();
    const told = /retry (\d+)/.exec(reason);
    connect(told ? Number(told[1]) : Math.random() * Math.min(LONGEST, SHORTEST * 2 ** failures));
  }

  /** Where requests are answered and this way does not open, something between is in its way. */
  async function tryAnother() {
    const answer = await fetch(`${root}/talks/${talk}`).catch(() => undefined);
    if (answer?.ok && !isOpen) kind = (kind + 1) % ways.length;
  }

  function sayLost() {
    tell(navigator.onLine === false || Date.now() - lostAt > GONE ? 'offline' : 'reconnecting');
  }

  function opened() {
    isOpen = true;
    failures = 0;
    tell('live');
  }

  /** Something has come: what it is, and that the connection lives. */
  function hear(message) {
    heard = Date.now();
    clearTimeout(timer);
    timer = setTimeout(lost, SILENCE);
    if ('reset' in message) {
      isOver = true;
      connect();
      onReset();
    } else if ('beat' in message) {
      if (message.beat > last) lost();
    } else if ('epoch' in message) {
      opened();
    } else if (message.seq > last) {
      // What is missing is behind the position that was reached.
      if (message.prev > last) return lost();
      last = message.seq;
      onEvent(message);
    }
  }

  function socket() {
    const url = new URL(address('live'), location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    socket.onmessage = ({ data }) => hear(JSON.parse(data));
    socket.onclose = ({ reason }) => lost(reason);
    return { close() { socket.onmessage = socket.onclose = null; socket.close(); } };
  }

  function stream() {
    const source = new EventSource(address('events'));
    const take = ({ data }) => hear(JSON.parse(data));
    source.onmessage = take;
    source.addEventListener('beat', take);
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) return lost();
      // The browser comes back by itself, after the time that the server has chosen.
      if (isOpen) lostAt = Date.now();
      isOpen = false;
      sayLost();
      clearTimeout(timer);
      timer = setTimeout(lost, LONGEST);
    };
    return source;
  }

  function poll() {
    const end = new AbortController();
    (async () => {
      try {
        // The first answer comes at once, the others when there is something.
        for (let wait = 0; !end.signal.aborted; wait = 25) {
          const answer = await fetch(address('changes', `&wait=${wait}`), { signal: end.signal });
          if (!answer.ok) throw new Error(answer.status);
          opened();
          hear({ beat: last });
          for (const message of await answer.json()) hear(message);
        }
      } catch {
        if (!end.signal.aborted) lost();
      }
    })();
    return { close() { end.abort(); } };
  }

  /** A device that was asleep, or away, knows nothing of what its connection has become. */
  function awake() {
    if (!document.hidden && (state !== 'live' || Date.now() - heard > FRESH)) connect();
  }

  document.addEventListener('visibilitychange', awake);
  document.addEventListener('resume', awake);
  addEventListener('pageshow', event => { if (event.persisted) awake(); });
  addEventListener('online', () => connect());
  addEventListener('offline', () => tell('offline'));
  tell('connecting');
  connect();
}

/** The state line says how the feed is doing. */
function sayState(state) {
  document.body.dataset.link = state;
  say(one('.state'), word(state));
}
